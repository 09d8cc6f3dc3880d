"""The inputs of one execution: what was given, defaults and conditions to typed values.

An optional input without a value is there, as null; an input whose condition does not hold is
not. Ids with dots become maps in maps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, Protocol

from common.errors import Invalid, KestraError, Violation
from flows.input_bounds import check_choices, typed_value
from flows.input_values import convert, is_blank
from flows.schema import FlowDocument, Input
from flows.schema.inputs import FileInput, MultiselectInput, SelectInput

_SHOWN = 200
_FALSE_TEXTS = frozenset({"", "false", "0", "-0"})


class Render(Protocol):
    """Renders the texts in a value, keeping the type of a lone expression. Raises Invalid."""

    def __call__(self, value: Any, variables: Mapping[str, Any]) -> Any: ...


StoreFile = Callable[[Input, Any], str]
"""Keeps an uploaded file and gives its address; raises ValueError, for example for an empty one."""
Encrypt = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class ResolvedInput:
    """An input with what became of it. `value` is None also where there are errors."""

    input: Input
    value: Any = None
    is_enabled: bool = True
    is_default: bool = False
    errors: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def type_inputs(
    document: FlowDocument,
    given: Mapping[str, Any],
    *,
    render: Render,
    files: Mapping[str, Any] | None = None,
    store_file: StoreFile | None = None,
    encrypt: Encrypt | None = None,
) -> dict[str, Any]:
    """The typed values, nested. Files are stored only when all else holds. Raises Invalid with
    every violation."""
    resolved = resolve_inputs(document, given, render=render, files=files)
    violations = [violation_of(item.input, message) for item in resolved for message in item.errors]
    values: dict[str, Any] = {}
    for item in resolved:
        if violations or not item.is_enabled:
            continue
        try:
            _put(values, item.input, _kept(item, files or {}, store_file, encrypt))
        except ValueError as error:
            violations.append(violation_of(item.input, str(error)))
    if violations:
        raise Invalid(violations=violations)
    return values


def resolve_inputs(
    document: FlowDocument,
    given: Mapping[str, Any],
    *,
    render: Render,
    files: Mapping[str, Any] | None = None,
) -> list[ResolvedInput]:
    """Every declared input with its value or what is wrong with it, in the order of the source.
    Nothing is stored or encrypted."""
    known: dict[str, Any] = {}
    done: dict[str, ResolvedInput] = {}
    for item in _in_order(document):
        variables = {"inputs": known}
        resolved = _resolve(item, given, files or {}, render, variables)
        done[item.id] = resolved
        if resolved.is_enabled and not resolved.errors:
            _put(known, item, resolved.value)
    return [done[item.id] for item in document.inputs]


def violation_of(item: Input, message: str) -> Violation:
    return Violation(f"Invalid input for `{item.id}`, {message}", path=f"inputs.{item.id}")


def _in_order(document: FlowDocument) -> Iterator[Input]:
    """Inputs after those on which they depend, else in the order of the source."""
    by_id = {item.id: item for item in document.inputs}
    needs = {
        item.id: [name for name in item.depends_on.inputs if name in by_id]
        if item.depends_on
        else []
        for item in document.inputs
    }
    try:
        for name in TopologicalSorter(needs).static_order():
            yield by_id[name]
    except CycleError as error:
        raise Invalid("the inputs of the flow depend on each other in a circle") from error


def _resolve(
    item: Input,
    given: Mapping[str, Any],
    files: Mapping[str, Any],
    render: Render,
    variables: Mapping[str, Any],
) -> ResolvedInput:
    try:
        if not _is_enabled(item, render, variables):
            return ResolvedInput(item, is_enabled=False)
        if isinstance(item, FileInput) and item.id in files:
            return ResolvedInput(item)
        raw, is_default = _raw_value(item, given, render, variables)
        choices = _choices(item, render, variables)
        if raw is None and getattr(item, "auto_select_first", False) and choices:
            raw, is_default = choices[0], True
    except KestraError as error:
        return ResolvedInput(item, errors=(f"it cannot be rendered: {error}",))
    if is_blank(item, raw):
        errors = ("missing required input",) if item.required else ()
        return ResolvedInput(item, errors=errors, choices=tuple(choices))
    try:
        value = typed_value(item, raw)
        if isinstance(item, SelectInput | MultiselectInput):
            check_choices(item, value, choices)
            value = _typed_items(item, value)
    except ValueError as error:
        message = f"{error}{_received(item, raw)}"
        return ResolvedInput(item, is_default=is_default, errors=(message,), choices=tuple(choices))
    return ResolvedInput(item, value, is_default=is_default, choices=tuple(choices))


def _is_enabled(item: Input, render: Render, variables: Mapping[str, Any]) -> bool:
    if item.depends_on is None or item.depends_on.condition is None:
        return True
    answer = render(item.depends_on.condition, variables)
    return not (answer is None or str(answer).strip().lower() in _FALSE_TEXTS)


def _raw_value(
    item: Input, given: Mapping[str, Any], render: Render, variables: Mapping[str, Any]
) -> tuple[Any, bool]:
    """What was given, else the rendered default, and whether it is the default."""
    value = _given(item, given)
    if not is_blank(item, value):
        return value, False
    if item.defaults is None:
        return value, False
    return render(item.defaults, variables), True


def _given(item: Input, given: Mapping[str, Any]) -> Any:
    """`nested.string` may come under that name or as a map in a map."""
    if item.id in given:
        return given[item.id]
    value: Any = given
    for part in item.path:
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def _choices(item: Input, render: Render, variables: Mapping[str, Any]) -> list[str]:
    if not isinstance(item, SelectInput | MultiselectInput):
        return []
    if item.expression is None:
        return [str(value) for value in item.values or ()]
    try:
        return [str(entry) for entry in convert("ARRAY", render(item.expression, variables))]
    except ValueError as error:
        raise Invalid(f"the expression for its values does not give a list: {error}") from error


def _typed_items(item: SelectInput | MultiselectInput, value: Any) -> Any:
    if isinstance(item, MultiselectInput):
        return [convert(item.item_type, entry) for entry in value]
    return value


def _received(item: Input, raw: Any) -> str:
    """What came, unless it is a secret."""
    if item.type == "SECRET":
        return ""
    text = str(raw)
    return f", but received `{text[:_SHOWN]}`"


def _kept(
    item: ResolvedInput,
    files: Mapping[str, Any],
    store_file: StoreFile | None,
    encrypt: Encrypt | None,
) -> Any:
    """The value as the execution keeps it: files stored, secrets encrypted."""
    declared = item.input
    if isinstance(declared, FileInput) and declared.id in files:
        if store_file is None:
            raise ValueError("files cannot be sent here")
        return store_file(declared, files[declared.id])
    if declared.type == "SECRET" and item.value is not None:
        if encrypt is None:
            raise ValueError("no encryption key is configured, so it cannot be kept")
        return encrypt(item.value)
    return item.value


def _put(values: dict[str, Any], item: Input, value: Any) -> None:
    *outer, last = item.path
    for part in outer:
        values = values.setdefault(part, {})
    values[last] = value
