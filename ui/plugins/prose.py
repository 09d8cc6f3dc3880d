"""Markdown that authors of types wrote, as HTML that a page can hold."""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def prose(text: str) -> SafeString:
    """Headings, lists, links, code and tables; everything else is shown as it was written."""
    return mark_safe(nh3.clean(_reader().render(text)))  # noqa: S308  # nh3 leaves what is harmless
