"""Turns what pydantic found wrong into violations: an exact path and plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from common.errors import Violation
from plugins.contracts.model import SAID

_VALUE_SHOWN = 60

_MESSAGES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda ctx: "this property is required",
    "string_type": lambda ctx: "must be a text",
    "int_type": lambda ctx: "must be a whole number",
    "int_parsing": lambda ctx: "must be a whole number",
    "int_from_float": lambda ctx: "must be a whole number",
    "float_type": lambda ctx: "must be a number",
    "float_parsing": lambda ctx: "must be a number",
    "bool_type": lambda ctx: "must be true or false",
    "bool_parsing": lambda ctx: "must be true or false",
    "list_type": lambda ctx: "must be a list",
    "tuple_type": lambda ctx: "must be a list",
    "set_type": lambda ctx: "must be a list",
    "dict_type": lambda ctx: "must be a map",
    "mapping_type": lambda ctx: "must be a map",
    "model_type": lambda ctx: "must be a map",
    "model_attributes_type": lambda ctx: "must be a map",
    "none_required": lambda ctx: "must be empty",
    "literal_error": lambda ctx: f"must be one of {ctx['expected']}",
    "enum": lambda ctx: f"must be one of {ctx['expected']}",
    "extra_forbidden": lambda ctx: "unknown property",
    "time_delta_type": lambda ctx: "must be an ISO 8601 duration such as PT30S or P1D",
    "time_delta_parsing": lambda ctx: "must be an ISO 8601 duration such as PT30S or P1D",
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']}",
    "greater_than": lambda ctx: f"must be more than {ctx['gt']}",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']}",
    "less_than": lambda ctx: f"must be less than {ctx['lt']}",
    "too_short": lambda ctx: f"needs at least {_count(ctx['min_length'], 'entry', 'entries')}",
    "too_long": lambda ctx: f"may have at most {_count(ctx['max_length'], 'entry', 'entries')}",
    "string_too_short": lambda ctx: (
        f"needs at least {_count(ctx['min_length'], 'character', 'characters')}"
    ),
    "string_too_long": lambda ctx: (
        f"may have at most {_count(ctx['max_length'], 'character', 'characters')}"
    ),
    "string_pattern_mismatch": lambda ctx: f"must match {ctx['pattern']}",
    "value_error": lambda ctx: str(ctx["error"]),
    "assertion_error": lambda ctx: str(ctx["error"]),
}


def violations_of(error: ValidationError, source: Any, *, path: str = "") -> list[Violation]:
    """One violation for each place; `source` is what was validated, `path` where it stands."""
    merged: dict[str, tuple[list[str], Any]] = {}
    for line in error.errors(include_url=False):
        if _is_an_echo(line):
            continue
        is_missing = line["type"] == "missing"
        place = _join(path, _steps(line["loc"], source, is_missing=is_missing))
        words, _ = merged.setdefault(place, ([], line["input"]))
        message = _message(line)
        if message not in words:
            words.append(message)
    return [
        Violation(_one_of(words), path=place, invalid_value=_shown(value))
        for place, (words, value) in merged.items()
    ]


def _is_an_echo(line: Any) -> bool:
    """pydantic counts only the entries that were right, and says so beside their own faults."""
    value = line["input"]
    is_list = isinstance(value, list | tuple)
    return bool(line["type"] == "too_short" and is_list and len(value) >= line["ctx"]["min_length"])


def _message(line: Any) -> str:
    kind = line["type"]
    if kind == SAID or kind not in _MESSAGES:
        return str(line["msg"])
    return _MESSAGES[kind](line.get("ctx", {}))


def _one_of(words: list[str]) -> str:
    """Several messages at one place are the ways in which a property may be written."""
    if len(words) > 1 and all(word.startswith("must be ") for word in words):
        return "must be " + " or ".join(word.removeprefix("must be ") for word in words)
    return "; ".join(words)


def _steps(loc: tuple[int | str, ...], source: Any, *, is_missing: bool) -> list[int | str]:
    """The place without what pydantic puts between: names of validators and of union members."""
    steps: list[int | str] = []
    current = source
    for number, step in enumerate(loc):
        if isinstance(current, Mapping):
            key = _key(current, step)
            if key is not None:
                steps.append(step)
                current = current[key]
            elif is_missing and number == len(loc) - 1:
                steps.append(step)
        elif isinstance(current, list | tuple) and isinstance(step, int) and step < len(current):
            steps.append(step)
            current = current[step]
    return steps


def _key(current: Mapping[Any, Any], step: int | str) -> Any:
    """YAML reads `true:` and `1:` as other things than texts."""
    if step in current:
        return step
    wanted = str(step).lower()
    return next((key for key in current if str(key).lower() == wanted), None)


def _join(path: str, steps: list[int | str]) -> str:
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else step
    return path


def _shown(value: Any) -> Any:
    """Small scalars only: a whole task is no help, and may hold a secret."""
    if isinstance(value, str):
        return value if len(value) <= _VALUE_SHOWN else value[:_VALUE_SHOWN] + "…"
    return value if isinstance(value, int | float | bool) else None


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
