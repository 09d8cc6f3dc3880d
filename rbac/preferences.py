"""How somebody likes to see the pages: theme, language, time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """An empty language or time zone is the browser's."""

    theme: str = "system"
    language: str = ""
    time_zone: str = ""

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> "Preferences":
        """What an older or newer version wrote besides is left alone."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in values.items() if name in known})
