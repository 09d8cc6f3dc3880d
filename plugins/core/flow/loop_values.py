"""The values that a loop goes over: texts, each once, in their order."""

from typing import Any

from common.errors import Invalid
from common.json import dumps, loads


def loop_values(rendered: Any) -> tuple[str, ...]:
    """The values as they stand in the task runs. A text that is a JSON list is that list; any
    other text, number or object is the only value. Raises Invalid for null values."""
    items = _items(rendered)
    nulls = sum(item is None for item in items)
    if nulls:
        raise Invalid(f"Found '{nulls}' null values on Each, with values={dumps(items)}")
    return tuple(dict.fromkeys(_text(item) for item in items))


def _items(rendered: Any) -> list[Any]:
    if isinstance(rendered, str):
        rendered = _parsed(rendered)
    if isinstance(rendered, list | tuple):
        return list(rendered)
    return [rendered]


def _parsed(text: str) -> Any:
    trimmed = text.strip()
    if not trimmed:
        raise Invalid("The values of the loop are empty; an empty list is written as []")
    if trimmed == "null":
        return None
    if not trimmed.startswith("["):
        return trimmed
    try:
        return loads(trimmed)
    except ValueError as error:
        raise Invalid(
            f"The values of the loop begin like a list but are not valid JSON: {error}"
        ) from error


def _text(item: Any) -> str:
    return item if isinstance(item, str) else dumps(item)
