"""Names of months, weekdays and halves of the day in a locale. English needs no library."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Names:
    """Lists begin with January and Monday. Widths: `short`, `full`, `narrow`."""

    months: dict[str, Sequence[str]]
    standalone_months: dict[str, Sequence[str]]
    days: dict[str, Sequence[str]]
    halves: tuple[str, str]
    quarters: dict[str, Sequence[str]]


def _widths(names: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        "full": names,
        "short": [name[:3] for name in names],
        "narrow": [name[:1] for name in names],
    }


ENGLISH = Names(
    months=_widths(_MONTHS),
    standalone_months=_widths(_MONTHS),
    days=_widths(_DAYS),
    halves=("AM", "PM"),
    quarters={
        "full": ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter"),
        "short": ("Q1", "Q2", "Q3", "Q4"),
        "narrow": ("1", "2", "3", "4"),
    },
)


@lru_cache(maxsize=64)
def names_of(locale: str) -> Names:
    if locale.replace("-", "_") in ("en", "en_US", ""):
        return ENGLISH
    found = babel_locale(locale)
    return Names(
        months=_from_babel(found.months["format"], 1, 12),
        standalone_months=_from_babel(found.months["stand-alone"], 1, 12),
        days=_from_babel(found.days["format"], 0, 7),
        halves=_halves(found),
        quarters=_from_babel(found.quarters["format"], 1, 4),
    )


def babel_locale(locale: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        # As in Java an unknown language is no error.
        return Locale.parse("en_US")


def _from_babel(table: Any, first: int, count: int) -> dict[str, Sequence[str]]:
    widths = {"full": "wide", "short": "abbreviated", "narrow": "narrow"}
    return {
        width: [str(table[name][index]) for index in range(first, first + count)]
        for width, name in widths.items()
    }


def _halves(found: Any) -> tuple[str, str]:
    periods = found.day_periods["format"]
    table = periods.get("abbreviated") or periods["wide"]
    wide = periods["wide"]
    return str(table.get("am", wide.get("am", "AM"))), str(table.get("pm", wide.get("pm", "PM")))
