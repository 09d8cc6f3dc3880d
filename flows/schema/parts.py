"""The smaller parts of a flow: labels, outputs, plugin defaults, concurrency, SLA, checks."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from plugins.contracts.model import PluginPart, Text
from plugins.contracts.task import Duration

INPUT_ID_PATTERN = r"^[a-zA-Z0-9][.a-zA-Z0-9_-]*$"

ValueType = Literal[
    "STRING",
    "INT",
    "FLOAT",
    "BOOLEAN",
    "BOOL",
    "ENUM",
    "SELECT",
    "MULTISELECT",
    "DATETIME",
    "DATE",
    "TIME",
    "DURATION",
    "FILE",
    "JSON",
    "URI",
    "SECRET",
    "ARRAY",
    "YAML",
    "EMAIL",
]


class Label(PluginPart):
    """A key and a value to find flows and executions by."""

    key: str = Field(min_length=1)
    value: str = Field(min_length=1)

    def __str__(self) -> str:
        return f"{self.key}:{self.value}"


def _pairs(value: Any) -> Any:
    """Sources hold a map or a list of pairs; both become the list."""
    if isinstance(value, Mapping):
        return [{"key": str(key), "value": _label_text(item)} for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [_pair(item) for item in value]
    return value


def _pair(item: Any) -> Any:
    if isinstance(item, Mapping) and "value" in item:
        return {**item, "value": _label_text(item["value"])}
    return item


def _label_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        raise ValueError("a label's value is a text, a number or a boolean")  # noqa: TRY004 - pydantic
    return "" if value is None else str(value)


_LABELS_SCHEMA = {
    "oneOf": [
        {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
                "required": ["key", "value"],
            },
        },
    ]
}
Labels = Annotated[
    tuple[Label, ...], BeforeValidator(_pairs), WithJsonSchema(_LABELS_SCHEMA, mode="validation")
]


class FlowOutput(PluginPart):
    """What an execution of the flow leaves to others."""

    id: str = Field(pattern=INPUT_ID_PATTERN)
    type: ValueType
    value: Any
    description: str | None = None
    display_name: str | None = None
    required: bool | None = None

    @field_validator("value")
    @classmethod
    def _is_there(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("an output needs a value")
        return value


class PluginDefault(PluginPart):
    """Properties for every task, trigger, condition or runner of a type, or of all types whose
    name begins with it. Forced values replace what the author wrote."""

    type: str = Field(min_length=1)
    forced: bool = False
    values: dict[str, Any] = Field(default_factory=dict)

    def applies_to(self, type_name: str) -> bool:
        return type_name == self.type or type_name.startswith(f"{self.type.rstrip('.')}.")


class Concurrency(PluginPart):
    """How many executions of the flow may run at once, and what happens to the next one."""

    limit: int = Field(ge=1)
    behavior: Literal["QUEUE", "CANCEL", "FAIL"] = "QUEUE"


class _SlaBase(PluginPart):
    id: str = Field(min_length=1)
    behavior: Literal["FAIL", "CANCEL", "NONE"]
    labels: Labels = ()


class MaxDuration(_SlaBase):
    """Violated by an execution that takes longer."""

    type: Literal["MAX_DURATION"]
    duration: Duration


class ExecutionAssertion(_SlaBase):
    """Violated by an execution for which the assertion renders to something false."""

    type: Literal["EXECUTION_ASSERTION"]
    assert_: Text = Field(alias="assert")


Sla = Annotated[MaxDuration | ExecutionAssertion, Discriminator("type")]


class Check(PluginPart):
    """A condition that is looked at before an execution starts."""

    when: Text | None = None
    condition: Text | None = None
    message: str = Field(min_length=1)
    style: Literal["ERROR", "SUCCESS", "WARNING", "INFO"] = "INFO"
    behavior: Literal["BLOCK_EXECUTION", "FAIL_EXECUTION", "CREATE_EXECUTION"] = "BLOCK_EXECUTION"

    @model_validator(mode="after")
    def _says_when(self) -> "Check":
        if not (self.when or self.condition):
            raise ValueError("a check needs `when`, an expression")
        return self

    @property
    def expression(self) -> str:
        return self.when or self.condition or ""
