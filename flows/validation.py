"""What must hold between the parts of a flow, beyond the shape of each: ids that are unique and not
reserved, references that exist, expressions that can be read."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from common.errors import Invalid, NotFound, Violation
from expressions.engine import ExpressionEngine
from flows.schema import FlowDocument, Input
from plugins.contracts.task import ExecutableTask, Task
from plugins.registry import Registry

# Words that stand at the place of a namespace or of a flow's id in addresses of the API.
RESERVED_FLOW_IDS = frozenset({"by-ids", "by-query"})
RESERVED_NAMESPACES = frozenset(
    {
        "bulk",
        "delete",
        "deprecated",
        "disable",
        "distinct-namespaces",
        "enable",
        "export",
        "expressions",
        "graph",
        "import",
        "search",
        "source",
        "validate",
    }
)

# Keeps what it compiled, so that a source with small changes is checked fast.
_ENGINE = ExpressionEngine()
# Texts for readers, which are never rendered.
_PROSE = frozenset({"description", "displayName"})
_DEPRECATED_PROPERTIES = {
    "taskDefaults": "pluginDefaults",
    "listeners": "triggers of other flows",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that works but should be changed: what, where, and whether it is deprecation."""

    message: str
    path: str = ""
    is_deprecation: bool = False


def check_flow(value: Mapping[str, Any], document: FlowDocument | None) -> list[Violation]:
    """All faults between the parts; those of expressions also when the parts are wrong."""
    violations = list(_reserved_ids(value))
    violations += expression_faults(value)
    if document is not None:
        violations += _repeated_ids(document)
        violations += _input_references(document)
        violations += _calls_to_itself(document)
    return violations


def expression_faults(value: Any, path: str = "") -> Iterator[Violation]:
    """A violation for each text with an expression that cannot be read."""
    for place, text in _texts(value, path):
        if "{{" not in text and "{%" not in text:
            continue
        try:
            _ENGINE.compile(text)
        except Invalid as error:
            yield Violation(str(error), path=place)


def warnings_of(
    value: Mapping[str, Any], document: FlowDocument, registry: Registry
) -> Iterator[Finding]:
    """Deprecated types and properties."""
    for name, instead in _DEPRECATED_PROPERTIES.items():
        if value.get(name):
            yield Finding(f"{name} is deprecated; use {instead}", name, is_deprecation=True)
    for number, item in enumerate(value.get("inputs") or ()):
        if "name" in item:
            message = f"the input {item['name']} is declared with `name`; use `id`"
            yield Finding(message, f"inputs[{number}].name", is_deprecation=True)
    for place in document.places:
        yield from _type_findings(place.task.type, place.path, registry)
    for number, trigger in enumerate(document.triggers):
        yield from _type_findings(trigger.type, f"triggers[{number}]", registry)


def deprecation_of(type_name: str, registry: Registry) -> tuple[bool, str | None]:
    """Whether the type is deprecated or an older name, and what to use instead."""
    try:
        present = registry.canonical_name(type_name)
    except NotFound:
        return False, None
    if present != type_name:
        return True, present
    return registry.get(present).is_deprecated, None


def _type_findings(type_name: str, path: str, registry: Registry) -> Iterator[Finding]:
    is_deprecated, present = deprecation_of(type_name, registry)
    if is_deprecated:
        message = f"the type {type_name} is deprecated"
        if present:
            message = f"{type_name} is an older name of {present}"
        yield Finding(message, path, is_deprecation=True)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """(path, text) of each text in a plain value, without those for readers."""
    pending: list[tuple[str, Any]] = [(path, value)]
    while pending:
        place, item = pending.pop()
        if isinstance(item, str):
            yield place, item
        elif isinstance(item, Mapping):
            pending.extend(
                (f"{place}.{key}" if place else str(key), inner)
                for key, inner in item.items()
                if key not in _PROSE
            )
        elif isinstance(item, list):
            pending.extend((f"{place}[{number}]", inner) for number, inner in enumerate(item))


def _reserved_ids(value: Mapping[str, Any]) -> Iterator[Violation]:
    if value.get("id") in RESERVED_FLOW_IDS:
        yield Violation(
            f"'{value['id']}' is a reserved word; choose another id",
            path="id",
            invalid_value=value["id"],
        )
    if value.get("namespace") in RESERVED_NAMESPACES:
        yield Violation(
            f"'{value['namespace']}' is a reserved word; choose another namespace",
            path="namespace",
            invalid_value=value["namespace"],
        )


def _repeated_ids(document: FlowDocument) -> Iterator[Violation]:
    yield from _repeated("task", ((place.task.id, place.path) for place in document.places))
    yield from _repeated("trigger", _numbered("triggers", document.triggers))
    yield from _repeated("input", _numbered("inputs", document.inputs))
    yield from _repeated("output", _numbered("outputs", document.outputs))
    yield from _nested_inputs(document)


def _numbered(section: str, items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    return ((item.id, f"{section}[{number}]") for number, item in enumerate(items))


def _repeated(what: str, places: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    first: dict[str, str] = {}
    for item_id, path in places:
        if item_id in first:
            yield Violation(
                f"the {what} id '{item_id}' is used twice, first at {first[item_id]}",
                path=f"{path}.id",
                invalid_value=item_id,
            )
        else:
            first[item_id] = path


def _nested_inputs(document: FlowDocument) -> Iterator[Violation]:
    """`a` cannot be a value and, because of `a.b`, a map as well."""
    ids = {item.id for item in document.inputs}
    for number, item in enumerate(document.inputs):
        parts = item.path
        for length in range(1, len(parts)):
            outer = ".".join(parts[:length])
            if outer in ids:
                message = f"the input '{item.id}' lies inside the input '{outer}'"
                yield Violation(message, path=f"inputs[{number}].id", invalid_value=item.id)


def _input_references(document: FlowDocument) -> Iterator[Violation]:
    ids = [item.id for item in document.inputs]
    for number, item in enumerate(document.inputs):
        for other in item.depends_on.inputs if item.depends_on else ():
            if other not in ids:
                yield Violation(
                    f"there is no input '{other}'{_hint(other, ids)}",
                    path=f"inputs[{number}].dependsOn.inputs",
                    invalid_value=other,
                )
    circle = _circle(document.inputs)
    if circle:
        number = ids.index(circle[0])
        yield Violation(
            f"the inputs depend on each other in a circle: {' → '.join(circle)}",
            path=f"inputs[{number}].dependsOn",
        )


def _circle(inputs: Iterable[Input]) -> list[str]:
    """The ids of a circle of dependencies, the first repeated at the end; empty without one."""
    sorter = TopologicalSorter(
        {item.id: item.depends_on.inputs if item.depends_on else () for item in inputs}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        return [str(item) for item in error.args[1]]
    return []


def _calls_to_itself(document: FlowDocument) -> Iterator[Violation]:
    for place in document.places:
        if _called_flow(place.task) == (document.namespace, document.id):
            yield Violation(
                f"the task '{place.task.id}' calls this flow itself, which would never end",
                path=place.path,
            )


def _called_flow(task: Task) -> tuple[str | None, str | None]:
    """The flow that a task starts, when it says so without an expression."""
    if not isinstance(task, ExecutableTask):
        return None, None
    return getattr(task, "namespace", None), getattr(task, "flow_id", None)


def _hint(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
