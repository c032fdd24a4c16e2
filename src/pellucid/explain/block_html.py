"""Blocks as a fragment of HTML that needs nothing else: no script, no file, no style of the page around."""

from __future__ import annotations

from html import escape

from .blocks import LINE, Block, Row

STYLE = """
.pellucid-ledger { font: 14px/1.4 system-ui, sans-serif; max-width: 66em; }
.pellucid-ledger h3 { font-size: 1.1em; margin: 1.2em 0 .2em; border-bottom: 1px solid currentColor; }
.pellucid-ledger h4 { font-size: 1em; margin: 1em 0 .2em; }
.pellucid-ledger p { margin: .2em 0; }
.pellucid-ledger .wide { overflow-x: auto; }
.pellucid-ledger table { font: inherit; border-collapse: collapse; margin: .3em 0; }
.pellucid-ledger th { font-weight: 600; text-align: left; opacity: .7; }
.pellucid-ledger td, .pellucid-ledger th { padding: .05em .9em .05em 0; border: 0; vertical-align: top; }
.pellucid-ledger .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pellucid-ledger th, .pellucid-ledger th.n { white-space: normal; vertical-align: bottom; }
.pellucid-ledger td:first-child { white-space: nowrap; }
.pellucid-ledger td.prose { min-width: 14em; }
.pellucid-ledger tr.sum td.n:last-child { border-top: 1px solid currentColor; }
"""
PAGE_STYLE = """
:root { color-scheme: light dark; }
body { margin: 1.5em auto; padding: 0 1em; max-width: 68em; background: Canvas; color: CanvasText; }
"""


def blocks_html(blocks: tuple[Block, ...]) -> str:
    """All blocks in one `<section>`."""
    return f'<section class="pellucid-ledger"><style>{STYLE}</style>{"".join(map(_block, blocks))}</section>'


def html_page(title: str, fragment: str) -> str:
    """A page around a fragment; it loads nothing and follows the reader's light or dark scheme."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · pellucid</title><style>{PAGE_STYLE}</style></head><body>{fragment}</body></html>\n"
    )


def _block(block: Block) -> str:
    level = "h3" if block.main else "h4"
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in block.sentences)
    return f"<{level}>{escape(block.title)}</{level}>{told}{_grid(block) if block.rows else ''}"


def _grid(block: Block) -> str:
    rows, after_line = [], False
    for row in block.rows:
        if row != LINE:
            rows.append(_row(row, block, "td", ' class="sum"' if after_line else ""))
        after_line = row == LINE
    head = f"<thead>{_row(block.header, block, 'th', '')}</thead>" if any(block.header) else ""
    return f'<div class="wide" tabindex="0"><table>{head}<tbody>{"".join(rows)}</tbody></table></div>'


def _row(row: Row, block: Block, tag: str, mark: str) -> str:
    prose = set(block.prose) | ({len(row) - 1} - block.right)
    kinds = {k: ' class="n"' if k in block.right else ' class="prose"' if k in prose else "" for k in range(len(row))}
    cells = (f"<{tag}{kinds[k]}>{escape(cell)}</{tag}>" for k, cell in enumerate(row))
    return f"<tr{mark}>{''.join(cells)}</tr>"
