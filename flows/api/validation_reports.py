"""What validation answers: one report for each document, whether it holds or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.errors import Invalid, KestraError
from common.yaml import load_yaml, split_documents
from flows.parsing import identity_of, place_violations
from flows.queries import find_flow
from flows.services import read_source
from flows.validation import expression_faults
from plugins.contracts.nested import Kind
from plugins.registry import installed_registry

UNREADABLE = "Unable to validate the flow: "


@dataclass(frozen=True, slots=True)
class Report:
    index: int
    flow_id: str | None = None
    namespace: str | None = None
    constraints: str | None = None
    is_outdated: bool = False
    deprecation_paths: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()


def flow_reports(tenant: str, source: str) -> list[Report]:
    documents = split_documents(source)
    if not documents:
        return [Report(0, constraints=f"{UNREADABLE}the source is empty")]
    return [_flow_report(tenant, number, item.source) for number, item in enumerate(documents)]


def piece_report(kind: Kind, source: str) -> Report:
    """Of a single task or trigger."""
    try:
        loaded = load_yaml(source)
    except Invalid as error:
        return Report(0, constraints=_constraints(error))
    try:
        installed_registry().parse(kind, loaded.value)
        faults = list(expression_faults(loaded.value))
    except Invalid as error:
        faults = list(error.violations)
    placed = place_violations(faults, loaded.positions)
    return Report(0, constraints="\n".join(str(item) for item in placed) or None)


def _flow_report(tenant: str, index: int, source: str) -> Report:
    namespace, flow_id = identity_of(source)
    try:
        parsed = read_source(source)
    except KestraError as error:
        return Report(index, flow_id, namespace, constraints=_flow_constraints(source, error))
    findings = parsed.warnings
    return Report(
        index,
        flow_id,
        namespace,
        is_outdated=_is_outdated(tenant, parsed.value),
        deprecation_paths=tuple(item.path for item in findings if item.is_deprecation),
        warnings=tuple(f"{item.path}: {item.message}" for item in findings),
    )


def _is_outdated(tenant: str, value: Mapping[str, Any]) -> bool:
    """A `revision` in the source must be the one that saving it would make."""
    revision = value.get("revision")
    if revision is None:
        return False
    flow = find_flow(tenant, str(value["namespace"]), str(value["id"]))
    return flow is not None and revision != flow.revision + 1


def _flow_constraints(source: str, error: KestraError) -> str:
    """Clients look for the first words where not even the YAML can be read."""
    try:
        is_map = isinstance(load_yaml(source).value, dict)
    except Invalid:
        is_map = False
    return _constraints(error) if is_map else f"{UNREADABLE}{_constraints(error)}"


def _constraints(error: KestraError) -> str:
    violations = error.violations if isinstance(error, Invalid) else ()
    return "\n".join(str(item) for item in violations) or str(error)
