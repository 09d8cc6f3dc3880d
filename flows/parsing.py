"""From the source of a flow to its document. What is wrong is reported all at once, with places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from common.errors import Invalid, Violation
from common.yaml import LoadedYaml, Positions, load_yaml, split_documents
from flows.defaults import with_defaults
from flows.schema import FlowDocument, PluginDefault
from flows.validation import Finding, check_flow, warnings_of
from plugins.registry import Registry, installed_registry
from plugins.violations import violations_of


@dataclass(frozen=True, slots=True)
class ParsedFlow:
    """A flow that holds: the document, its source, the same as plain values (before plugin
    defaults), where everything stands, and what its author should know."""

    document: FlowDocument
    source: str
    value: Mapping[str, Any]
    positions: Positions
    warnings: tuple[Finding, ...] = ()


def parse_flow(
    source: str,
    *,
    registry: Registry | None = None,
    tenant: str | None = None,
    defaults: Sequence[PluginDefault] = (),
) -> ParsedFlow:
    """The flow that `source` declares, checked. `defaults` are those from outside the flow, the
    nearest first. Raises Invalid with a violation for each fault."""
    registry = registry or installed_registry()
    loaded = load_yaml(source)
    value = _flow_map(loaded)
    document, violations = _typed(value, registry, defaults, tenant)
    violations = [*violations, *check_flow(value, document)]
    if violations:
        raise Invalid(violations=place_violations(violations, loaded.positions))
    if document is None:
        raise Invalid("the flow cannot be read")
    warnings = tuple(warnings_of(value, document, registry))
    return ParsedFlow(document, source, value, loaded.positions, warnings)


def compile_source(
    source: str,
    *,
    registry: Registry | None = None,
    tenant: str | None = None,
    revision: int | None = None,
    defaults: Sequence[PluginDefault] = (),
) -> FlowDocument:
    """The document of a source that was checked when it was saved: typed, no more. `revision` is
    the one that it became. Raises Invalid if a type that it names is gone."""
    loaded = load_yaml(source)
    value = _flow_map(loaded)
    if revision is not None:
        value["revision"] = revision
    document, violations = _typed(value, registry or installed_registry(), defaults, tenant)
    if document is None:
        raise Invalid(violations=place_violations(violations, loaded.positions))
    return document


def parse_flows(
    sources: str,
    *,
    registry: Registry | None = None,
    tenant: str | None = None,
    defaults: Sequence[PluginDefault] = (),
) -> list[ParsedFlow]:
    """Every document of a text with several. Raises Invalid at the first that does not hold."""
    return [
        parse_flow(item.source, registry=registry, tenant=tenant, defaults=defaults)
        for item in split_documents(sources)
    ]


def identity_of(source: str) -> tuple[str | None, str | None]:
    """Namespace and id of a source that may otherwise be wrong, as far as they can be read."""
    try:
        value = load_yaml(source).value
    except Invalid:
        return None, None
    if not isinstance(value, Mapping):
        return None, None
    namespace, flow_id = value.get("namespace"), value.get("id")
    return (
        str(namespace) if namespace is not None else None,
        str(flow_id) if flow_id is not None else None,
    )


def place_violations(violations: Iterable[Violation], positions: Positions) -> list[Violation]:
    """The violations with the line and column of their paths, in the order of the source."""
    placed = []
    for violation in violations:
        place = None if violation.line is not None else positions.nearest(violation.path)
        if place is None:
            placed.append(violation)
        else:
            placed.append(replace(violation, line=place[0], column=place[1]))
    return sorted(placed, key=lambda item: (item.line or 0, item.column or 0))


def _flow_map(loaded: LoadedYaml) -> dict[str, Any]:
    if not isinstance(loaded.value, dict):
        message = "a flow is a map with id, namespace and tasks"
        raise Invalid(violations=[Violation(message, line=1, column=1)])
    value = dict(loaded.value)
    for key in ("id", "namespace"):  # a number may be written there without quotes
        if isinstance(value.get(key), int | float) and not isinstance(value[key], bool):
            value[key] = str(value[key])
    return value


def _typed(
    value: dict[str, Any],
    registry: Registry,
    outer_defaults: Sequence[PluginDefault],
    tenant: str | None,
) -> tuple[FlowDocument | None, list[Violation]]:
    flow_defaults = _flow_defaults(value)
    complete = with_defaults(value, [*flow_defaults, *outer_defaults], registry)
    if tenant is not None:
        complete["tenantId"] = tenant
    try:
        return FlowDocument.model_validate(complete, context=registry.validation_context), []
    except ValidationError as error:
        return None, violations_of(error, complete)


def _flow_defaults(value: Mapping[str, Any]) -> list[PluginDefault]:
    """Those that can be read; the others are reported when the whole flow is typed."""
    found = []
    for key in ("pluginDefaults", "taskDefaults"):
        items = value.get(key)
        for item in items if isinstance(items, list) else ():
            try:
                found.append(PluginDefault.model_validate(item))
            except ValidationError:
                continue
    return found
