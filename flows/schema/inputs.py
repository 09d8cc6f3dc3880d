"""The declared inputs of a flow, one class for each type. Their values are typed in
`flows.inputs`."""

import difflib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self, get_args

import regex
from pydantic import BeforeValidator, Discriminator, Field, model_validator

from flows.schema.parts import INPUT_ID_PATTERN, ValueType
from plugins.contracts.model import PluginPart, Text, fault
from plugins.contracts.task import Duration

ItemType = Literal[
    "STRING", "INT", "FLOAT", "BOOLEAN", "BOOL", "DATETIME", "DATE", "TIME", "DURATION", "JSON",
    "URI", "YAML", "EMAIL", "ENUM", "SELECT",
]  # fmt: skip


class DependsOn(PluginPart):
    """Inputs that come first, and when this one is asked for at all."""

    inputs: tuple[str, ...] = ()
    condition: Text | None = None


class Input(PluginPart):
    """What every input has. `name` is the older spelling of `id`; dots in it make nested maps."""

    id: str = Field(pattern=INPUT_ID_PATTERN)
    type: str
    description: str | None = None
    display_name: str | None = None
    required: bool = True
    defaults: Any = None
    prefill: Any = None
    depends_on: DependsOn | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_name(cls, value: Any) -> Any:
        if isinstance(value, dict) and "name" in value and "id" not in value:
            return {"id" if key == "name" else key: item for key, item in value.items()}
        return value

    @property
    def path(self) -> tuple[str, ...]:
        """Where the value goes: `nested.string` is `string` in the map `nested`."""
        return tuple(self.id.split("."))


class StringInput(Input):
    type: Literal["STRING"]
    validator: str | None = None

    @model_validator(mode="after")
    def _pattern_is_valid(self) -> Self:
        _check_pattern(self.validator)
        return self


class SecretInput(Input):
    type: Literal["SECRET"]
    validator: str | None = None

    @model_validator(mode="after")
    def _pattern_is_valid(self) -> Self:
        _check_pattern(self.validator)
        return self


class IntInput(Input):
    type: Literal["INT"]
    min: int | None = None
    max: int | None = None


class FloatInput(Input):
    type: Literal["FLOAT"]
    min: float | None = None
    max: float | None = None


class BooleanInput(Input):
    type: Literal["BOOLEAN", "BOOL"]


class _ChoiceInput(Input):
    values: tuple[Text, ...] | None = None
    expression: str | None = None
    allow_custom_value: bool = False
    auto_select_first: bool = False

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if self.expression is None and not self.values:
            raise ValueError(f"an input of type {self.type} needs `values` or an `expression`")
        return self


class SelectInput(_ChoiceInput):
    """One of some values. ENUM is the older name."""

    type: Literal["SELECT", "ENUM"]
    is_radio: bool = False


class MultiselectInput(_ChoiceInput):
    type: Literal["MULTISELECT"]
    item_type: ItemType = "STRING"
    options: tuple[Text, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_options(cls, value: Any) -> Any:
        """`options` is the older spelling of `values`."""
        if isinstance(value, dict) and "options" in value and "values" not in value:
            return {**value, "values": value["options"]}
        return value


class DateTimeInput(Input):
    type: Literal["DATETIME"]
    after: datetime | None = None
    before: datetime | None = None


class DateInput(Input):
    type: Literal["DATE"]
    after: date | None = None
    before: date | None = None


class TimeInput(Input):
    type: Literal["TIME"]
    after: time | None = None
    before: time | None = None


class DurationInput(Input):
    type: Literal["DURATION"]
    min: Duration | None = None
    max: Duration | None = None


class FileInput(Input):
    type: Literal["FILE"]
    extension: str | None = None
    accept: str | tuple[str, ...] | None = None
    allowed_file_extensions: tuple[str, ...] | None = None


class JsonInput(Input):
    type: Literal["JSON"]


class YamlInput(Input):
    type: Literal["YAML"]


class UriInput(Input):
    type: Literal["URI"]


class EmailInput(Input):
    type: Literal["EMAIL"]


class ArrayInput(Input):
    type: Literal["ARRAY"]
    item_type: ItemType


def _with_known_type(value: Any) -> Any:
    """Names the types there are, at the place of the type."""
    if not isinstance(value, Mapping):
        return value
    name = value.get("type")
    known = get_args(ValueType)
    if name is None:
        raise fault(f"an input needs a type, one of {', '.join(known)}", "type")
    if name not in known:
        near = difflib.get_close_matches(str(name).upper(), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
        raise fault(f"there is no input type {name}{hint}", "type", value=name)
    return value


AnyInput = Annotated[
    StringInput
    | SecretInput
    | IntInput
    | FloatInput
    | BooleanInput
    | SelectInput
    | MultiselectInput
    | DateTimeInput
    | DateInput
    | TimeInput
    | DurationInput
    | FileInput
    | JsonInput
    | YamlInput
    | UriInput
    | EmailInput
    | ArrayInput,
    Discriminator("type"),
    BeforeValidator(_with_known_type),
]


def _check_pattern(pattern: str | None) -> None:
    if pattern is None:
        return
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise ValueError(f"the validator is not a regular expression: {error}") from error
