"""For MkDocs: a page of the site that would load something from another place is an error."""

from __future__ import annotations

import re
from typing import Any

LOADING = re.compile(r"<(?:script|link|img|iframe|source|video)\b[^>]*\b(?:src|href)=\"?((?:https?:)?//[^\">\s]+)")


def foreign(html: str) -> list[str]:
    """The addresses elsewhere that a page would load."""
    return LOADING.findall(html)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Called by MkDocs with every finished page."""
    from mkdocs.exceptions import PluginError

    found = foreign(output)
    if found:
        raise PluginError(f"{page.file.src_uri} loads {', '.join(found)}")
    return output
