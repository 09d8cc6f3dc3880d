"""Values of declared inputs: of the input's type and within the bounds that it sets. What does not
fit raises ValueError with the reason."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import regex

from common.durations import format_duration, parse_duration
from flows.input_values import convert
from flows.schema.inputs import (
    ArrayInput,
    DateInput,
    DateTimeInput,
    DurationInput,
    FloatInput,
    Input,
    IntInput,
    MultiselectInput,
    SecretInput,
    SelectInput,
    StringInput,
    TimeInput,
)

MATCH_SECONDS = 0.5


def typed_value(item: Input, value: Any) -> Any:
    """The value of an input, within the bounds that the input sets. Raises ValueError."""
    if isinstance(item, ArrayInput):
        return _array(item, value)
    converted = convert(item.type, value)
    check = _CHECKS.get(type(item))
    if check is not None:
        check(item, converted)
    return converted


def check_choices(item: SelectInput | MultiselectInput, value: Any, choices: list[str]) -> None:
    """Raises ValueError for what is not among the choices, unless other values are allowed."""
    if item.allow_custom_value:
        return
    for chosen in value if isinstance(value, list) else [value]:
        if chosen not in choices:
            raise ValueError(f"it must be one of {', '.join(choices)}")


def _array(item: ArrayInput, value: Any) -> list[Any]:
    converted = []
    for number, entry in enumerate(convert("ARRAY", value)):
        try:
            converted.append(convert(item.item_type, entry))
        except ValueError as error:
            raise ValueError(f"entry {number} of the list: {error}") from error
    return converted


def _check_pattern(item: Any, value: str) -> None:
    if item.validator is None:
        return
    try:
        matches = regex.fullmatch(item.validator, value, timeout=MATCH_SECONDS)
    except TimeoutError as error:
        raise ValueError(f"the pattern {item.validator} takes too long to compare") from error
    if matches is None:
        raise ValueError(f"it must match the pattern {item.validator}")


def _check_range(item: Any, value: Any) -> None:
    if item.min is not None and value < item.min:
        raise ValueError(f"it must be at least {item.min}")
    if item.max is not None and value > item.max:
        raise ValueError(f"it must be at most {item.max}")


def _check_duration(item: Any, value: str) -> None:
    length = parse_duration(value)
    if item.min is not None and length < item.min:
        raise ValueError(f"it must be at least {format_duration(item.min)}")
    if item.max is not None and length > item.max:
        raise ValueError(f"it must be at most {format_duration(item.max)}")


def _check_moment(item: Any, value: str) -> None:
    parse: Callable[[str], Any] = {
        "DATETIME": lambda text: _aware(datetime.fromisoformat(text)),
        "DATE": date.fromisoformat,
        "TIME": time.fromisoformat,
    }[item.type]
    moment = parse(value)
    after, before = item.after, item.before
    if after is not None and moment < _aware(after):
        raise ValueError(f"it must not be before {after.isoformat()}")
    if before is not None and moment > _aware(before):
        raise ValueError(f"it must not be after {before.isoformat()}")


def _aware(moment: Any) -> Any:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment


_CHECKS: Mapping[type[Input], Callable[[Any, Any], None]] = {
    StringInput: _check_pattern,
    SecretInput: _check_pattern,
    IntInput: _check_range,
    FloatInput: _check_range,
    DurationInput: _check_duration,
    DateTimeInput: _check_moment,
    DateInput: _check_moment,
    TimeInput: _check_moment,
}
