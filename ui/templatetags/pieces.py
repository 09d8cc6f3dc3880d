"""The small pieces that templates are made of. Loaded in every template."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.clock import to_iso
from ui.icons import draw_icon
from ui.moments import duration as duration_in_words
from ui.moments import exact, relative
from ui.states import STATE_ICONS, STATE_WORDS

register = template.Library()
_SHORT_ID = 8


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """`{% icon "play" %}`, `{% icon "x" css="icon-small" label=_("Close") %}`."""
    return draw_icon(name, css, label)


@register.simple_tag
def state(name: str) -> SafeString:
    """The chip of a state of the engine."""
    return format_html(
        '<span class="state" data-state="{}">{}{}</span>',
        name,
        draw_icon(STATE_ICONS[name]),
        STATE_WORDS[name],
    )


@register.simple_tag
def state_word(name: str) -> Any:
    return STATE_WORDS[name]


@register.simple_tag
def when(moment: datetime | None, empty: str = "") -> SafeString | str:
    """How long ago, with the exact time on hover."""
    if moment is None:
        return empty
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        to_iso(moment),
        exact(moment),
        relative(moment),
    )


@register.filter
def exactly(moment: datetime) -> str:
    return exact(moment)


@register.filter
def duration(value: timedelta | None) -> str:
    return "" if value is None else duration_in_words(value)


@register.filter
def short_id(value: str) -> str:
    return value[:_SHORT_ID]
