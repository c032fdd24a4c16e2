"""Small sound files in every format, the material that is then damaged."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import polars as pl
from workbook_bytes import workbook

ROWS = 40
TARGET = "Survived"
# Real tables beside the checkout, taken in where they are there and asked for.
REAL = ("telco_churn.csv", "bike_hour.csv", "bank_marketing_full.csv", "california_housing_cat.csv", "gpa1.csv")


def titanic() -> bytes:
    """The first rows of the bundled table, as CSV."""
    packed = resources.files("pellucid.data").joinpath("titanic.csv.gz").read_bytes()
    return first_lines(gzip.decompress(packed))


def first_lines(text: bytes) -> bytes:
    """The header and the first rows."""
    return b"".join(text.splitlines(keepends=True)[: ROWS + 1])


def made() -> bytes:
    """A table with what Titanic lacks: dates, money, shares, thousands, yes and no, marked letters, gaps in words."""
    chance = random.Random(7)
    lines = ["day,price,share,people,paid,city,note"]
    for row in range(ROWS):
        cells = [
            f"{row % 28 + 1:02}.{row % 12 + 1:02}.2024",
            f'"${chance.randrange(1000, 9000):,}.50"',
            f"{chance.randrange(100)} %",
            f'"{chance.randrange(10**6):,}"' if row % 9 else "n/a",
            chance.choice(["yes", "no", "Yes", "?"]),
            chance.choice(["Zürich", "Genève", "Chur"]),
            f'"said ""{row}"", twice"',
        ]
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode()


def sound_files(folder: Path | None = None) -> dict[str, bytes]:
    """File name → bytes; with `folder`, the real tables in it too."""
    tables = {"titanic": titanic(), "made": made()}
    for name in REAL if folder is not None else ():
        if folder is not None and (folder / name).exists():
            tables[name.removesuffix(".csv")] = first_lines((folder / name).read_bytes())
    return {file: raw for stem, text in tables.items() for file, raw in dressed(stem, text).items()}


def dressed(stem: str, text: bytes) -> Mapping[str, bytes]:
    """One table in every format."""
    cells = pl.read_csv(text, infer_schema=False)
    typed = pl.read_csv(text, infer_schema_length=None)
    wide = [list(typed.columns), *(list(row) for row in typed.rows())]
    files = {
        f"{stem}.csv": text,
        f"{stem}_quoted.csv": cells.write_csv(quote_style="always").encode(),
        f"{stem}_semicolon.csv": cells.write_csv(separator=";").encode(),
        f"{stem}.tsv": cells.write_csv(separator="\t").encode(),
        f"{stem}_bar.txt": cells.write_csv(separator="|", line_terminator="\r\n").encode("cp1252", "replace"),
        f"{stem}_wide.csv": text.decode().encode("utf-16"),
        f"{stem}.jsonl": packed(typed, "ndjson"),
        f"{stem}.parquet": packed(typed, "parquet", compression="snappy"),
        f"{stem}_plain.parquet": packed(typed, "parquet", compression="uncompressed"),
        f"{stem}.arrow": packed(typed, "ipc"),
        f"{stem}_stream.feather": packed(typed, "ipc_stream"),
        f"{stem}.xlsx": workbook({"sheet": wide}),
        f"{stem}.csv.gz": gzip.compress(text, mtime=0),
        f"{stem}.jsonl.gz": gzip.compress(packed(typed, "ndjson"), mtime=0),
        f"{stem}.parquet.gz": gzip.compress(packed(typed, "parquet"), mtime=0),
    }
    return {**files, **zstandard(f"{stem}.csv.zst", text)}


def packed(frame: pl.DataFrame, form: str, **options: str) -> bytes:
    """What polars writes."""
    target = io.BytesIO()
    getattr(frame, f"write_{form}")(target, **options)
    return target.getvalue()


def zstandard(name: str, text: bytes) -> dict[str, bytes]:
    """The text packed with zstd, where a packer is installed."""
    try:
        import pyarrow
    except ImportError:
        return {}
    return {name: pyarrow.compress(text, codec="zstd", asbytes=True)}
