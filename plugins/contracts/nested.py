"""Fields that hold another type: a task in a task, a condition in a trigger, a task runner.

What stands there is resolved by its `type` while the flow is validated: the validation context
carries a `TypeSource` (the registry), and errors keep their exact place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from pydantic import ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, core_schema

from common.errors import NotFound
from plugins.contracts.model import SAID, Plugin, fault

CONTEXT_KEY = "plugins"
KIND_KEY = "$kind"


class Kind(StrEnum):
    """What a type can be."""

    TASK = "task"
    TRIGGER = "trigger"
    CONDITION = "condition"
    TASK_RUNNER = "taskRunner"

    @property
    def words(self) -> str:
        return "task runner" if self is Kind.TASK_RUNNER else self.value


class TypeSource(Protocol):
    """Finds the class of a type."""

    def type_for(self, kind: Kind, name: str) -> type[Plugin]:
        """Raises NotFound with a message for the author of the flow."""


def build_plugin(kind: Kind, value: Any, source: TypeSource) -> Plugin:
    """The frozen object that `value`, a map with a `type`, describes. Raises ValidationError."""
    if not isinstance(value, Mapping):
        raise fault(f"expected a {kind.words}: a map with a type", value=value)
    name = value.get("type")
    if name is None:
        missing = InitErrorDetails(type="missing", loc=("type",), input=value)
        raise ValidationError.from_exception_data(SAID, [missing])
    if not isinstance(name, str):
        raise fault("a type is a text such as io.kestra.plugin.core.log.Log", "type", value=name)
    try:
        found = source.type_for(kind, name)
    except NotFound as error:
        raise fault(str(error), "type", value=name) from error
    return found.model_validate(value, context={CONTEXT_KEY: source})


@dataclass(frozen=True, slots=True)
class Nested:
    """Annotation of a field of a base class (`Task`, `Condition`, `TaskRunner`) that takes any of
    its types."""

    kind: Kind

    def __get_pydantic_core_schema__(self, base: type[Plugin], handler: Any) -> Any:
        def validate(value: Any, info: ValidationInfo) -> Plugin:
            if isinstance(value, base):
                return value
            source = (info.context or {}).get(CONTEXT_KEY)
            if source is None:
                raise fault(f"a {self.kind.words} inside another is read through the registry")
            return build_plugin(self.kind, value, source)

        return core_schema.with_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda plugin, info: plugin.model_dump(
                    mode=info.mode,
                    by_alias=bool(info.by_alias),
                    exclude_unset=info.exclude_unset,
                    exclude_none=info.exclude_none,
                    exclude_defaults=info.exclude_defaults,
                ),
                info_arg=True,
            ),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        # `plugins.schema` makes a reference of it; pydantic would look for its target itself.
        return {KIND_KEY: self.kind.value}
