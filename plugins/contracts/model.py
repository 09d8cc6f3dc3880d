"""The pydantic base of everything a flow can name by `type`, and of what such types are made of.

Properties are written in camel case in flows and in snake case here. Unknown properties are
refused. A property of type `Dynamic[T]` takes a T or a text with an expression; `RunContext.render`
gives the value."""

import difflib
import re
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

T = TypeVar("T")

ID_PATTERN = r"^[a-zA-Z0-9][a-zA-Z0-9_-]*$"


_EXPRESSION = re.compile(r"\{[{%#]")


class ExpressionText(str):
    """A text that holds an expression and is rendered when the task runs."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": r"\{[{%#]", "description": "an expression"}

    @classmethod
    def _validate(cls, value: Any) -> "ExpressionText":
        if isinstance(value, str) and _EXPRESSION.search(value):
            return cls(value)
        raise ValueError("not an expression such as {{ inputs.name }}")


class _OrExpression:
    """Takes a text with an expression as it is; all else must be what the other types say, and
    only their messages are shown."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        plain = reduce(or_, [arg for arg in get_args(source) if arg is not ExpressionText])
        inner = handler.generate_schema(plain)

        def validate(value: Any, otherwise: Callable[[Any], Any]) -> Any:
            if isinstance(value, str) and _EXPRESSION.search(value):
                return ExpressionText(value)
            return otherwise(value)

        def serialize(value: Any, otherwise: Callable[[Any], Any]) -> Any:
            return str(value) if isinstance(value, ExpressionText) else otherwise(value)

        return core_schema.no_info_wrap_validator_function(
            validate,
            inner,
            serialization=core_schema.wrap_serializer_function_ser_schema(serialize, schema=inner),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        expression = {"type": "string", "pattern": r"\{[{%#]", "description": "an expression"}
        return {"anyOf": [handler(schema["schema"]), expression], "$dynamic": True}


# A value of type T, or a text with an expression that renders to one.
Dynamic: TypeAlias = Annotated[T | ExpressionText, _OrExpression()]


def text_of_scalar(value: Any) -> Any:
    """Flows write `message: 3` and `format: true` where a text is meant."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


# A text that may hold expressions; numbers and booleans are taken as their text.
Text: TypeAlias = Annotated[str, BeforeValidator(text_of_scalar)]


# Marks a property that is an older form of another: `Field(json_schema_extra=OLDER)`.
OLDER: JsonDict = {"deprecated": True}

SAID = "said"
_PYDANTIC_ERRORS = frozenset(get_args(core_schema.ErrorType))


def said(message: str, place: tuple[str | int, ...], value: Any) -> InitErrorDetails:
    """A line of a ValidationError whose message is already meant for the flow's author."""
    error = PydanticCustomError(SAID, "{words}", {"words": message})
    return InitErrorDetails(type=error, loc=place, input=value)


def fault(message: str, *path: str | int, value: Any = None) -> ValidationError:
    """An error at a place below what is being validated: `raise fault("…", "tasks", 2)`."""
    return ValidationError.from_exception_data(SAID, [said(message, path, value)])


class PluginPart(BaseModel):
    """A group of properties inside a type."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        arbitrary_types_allowed=True,
        ser_json_timedelta="iso8601",
    )

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_properties(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            lines = [cls._explained(line) for line in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(error.title, lines) from error

    @classmethod
    def _explained(cls, line: Any) -> InitErrorDetails:
        """The same line of an error; an unknown property of this class with a hint."""
        kind, place, context = line["type"], line["loc"], line.get("ctx", {})
        if kind == "extra_forbidden" and len(place) == 1:
            return said(cls._unknown(str(place[0])), place, line["input"])
        if kind in _PYDANTIC_ERRORS:
            return InitErrorDetails(type=kind, loc=place, input=line["input"], ctx=context)
        return said(str(line["msg"]), place, line["input"])

    @classmethod
    def property_names(cls) -> list[str]:
        """The properties as flows write them."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def _unknown(cls, name: str) -> str:
        message = f"unknown property '{name}'"
        near = difflib.get_close_matches(name, cls.property_names(), n=1, cutoff=0.6)
        return f"{message}; did you mean '{near[0]}'?" if near else message


class Example(BaseModel):
    """A complete flow (`full`) or a task's properties, shown in the documentation."""

    model_config = ConfigDict(frozen=True)

    title: str
    code: str
    full: bool = True
    lang: str = "yaml"


class Plugin(PluginPart):
    """A type that flows name. The class's docstring is its documentation: the first line is the
    title, the rest the description (Markdown)."""

    type_name: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = ()
    # The pip extra that brings what this type needs, named when it is missing.
    extra: ClassVar[str] = ""
    is_deprecated: ClassVar[bool] = False

    type: str = Field(description="The full name of the type.")


class Output(BaseModel):
    """What a task leaves behind, read as `outputs.<task>.<key>`. None values are left out."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        arbitrary_types_allowed=True,
    )

    # A task can end in a state of its own choice (a script that wrote to stderr: WARNING).
    def final_state(self) -> Any:
        return None

    def to_map(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)
