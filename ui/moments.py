"""Times and durations in words."""

from datetime import datetime, timedelta
from functools import lru_cache

from babel.dates import format_timedelta
from django.utils import timezone, translation

from common.clock import now

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3_600, 86_400


def relative(moment: datetime) -> str:
    """`5 minutes ago`, in the page's language; scripts say the same and keep it true."""
    seconds = int((moment - now()).total_seconds())
    return _in_words(seconds, (translation.get_language() or "en").replace("-", "_"))


def exact(moment: datetime) -> str:
    """In the caller's zone, with the zone's name."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"


def duration(value: timedelta) -> str:
    """`0.4s`, `41s`, `3m 41s`, `2h 5m`, `4d 3h`."""
    seconds = value.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = int(seconds)
    for size, name, smaller, smaller_name in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "m"),
        (_MINUTE, "m", _SECOND, "s"),
    ):
        if whole >= size:
            return f"{whole // size}{name} {whole % size // smaller}{smaller_name}"
    return f"{whole}s"


@lru_cache(maxsize=512)
def _in_words(seconds: int, locale: str) -> str:
    if abs(seconds) < _MINUTE:
        seconds = 0
    if seconds == 0:
        return translation.gettext("now")
    return format_timedelta(
        timedelta(seconds=seconds), threshold=1, add_direction=True, locale=locale
    )
