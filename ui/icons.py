"""Lucide icons, drawn into the page by the server. The front end's build collects those that are
named in templates and in this package."""

from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common import json

FILE = "ui/icons.json"


def draw_icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Hidden from screen readers unless it has a label of its own. Raises KeyError for a name that
    the build did not find."""
    content = mark_safe(_icons()[name])  # noqa: S308  # written by our own build
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" {}>{}</svg>',
        css,
        mark_safe(told),  # noqa: S308  # one of the two lines above
        content,
    )


@cache
def _icons() -> dict[str, str]:
    file = settings.KESTRA_STATIC_FOLDER / FILE
    icons: dict[str, str] = json.loads(file.read_bytes())
    return icons
