"""Many flows at once: import, the flows of a namespace, several documents. All happens in the
current tenant."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from common.actor import Actor
from common.errors import Invalid, KestraError, Violation
from common.yaml import YamlDocument, split_documents
from flows.errors import WrongNamespace
from flows.models import Flow
from flows.parsing import ParsedFlow, identity_of
from flows.queries.stored import StoredFlow
from flows.services.removing import delete_flows
from flows.services.saving import read_source, save_flow
from flows.uploads import SourceFile
from tenants.names import is_within

_NAMESPACE_LINE = re.compile(r"^namespace[ \t]*:[^\n]*$", re.MULTILINE)

CheckNamespace = Callable[[str, bool], None]
"""(namespace, whether flows are deleted there too); raises Forbidden unless the caller may."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Names of the files or flows that were not imported, each with the reason."""

    imported: tuple[StoredFlow, ...]
    failures: tuple[tuple[str, str], ...] = ()


def read_sources(documents: Sequence[YamlDocument]) -> list[ParsedFlow]:
    """Every document. Raises Invalid with the violations of all of them."""
    parsed, violations = [], []
    for number, document in enumerate(documents):
        try:
            parsed.append(read_source(document.source))
        except Invalid as error:
            found = error.violations or (Violation(str(error)),)
            violations += [_in_document(item, number, document.first_line) for item in found]
    violations += _named_twice(parsed)
    if violations:
        raise Invalid(violations=violations)
    return parsed


def replace_namespace_flows(
    *,
    actor: Actor,
    namespace: str,
    source: str,
    delete: bool = True,
    override: bool = False,
    check: CheckNamespace | None = None,
) -> list[StoredFlow]:
    """Creates or changes every flow of `source`, all in this namespace; with `delete` the others in
    it go. With `override` flows of other namespaces are taken into this one. Gives the flows that
    were written and deleted. Raises Invalid, and nothing happened."""
    documents = split_documents(source)
    if override:
        documents = [replace(item, source=_moved(item.source, namespace)) for item in documents]
    parsed = read_sources(documents)
    _require_namespace(parsed, lambda name: name == namespace, namespace)
    return _write_all(actor, parsed, [namespace] if delete else [], check)


def bulk_update_flows(
    *,
    actor: Actor,
    source: str,
    delete: bool = False,
    namespace: str | None = None,
    allow_namespace_child: bool = False,
    check: CheckNamespace | None = None,
) -> list[StoredFlow]:
    """Creates or changes every flow of `source`. With `namespace` all must be in it (or, where that
    is allowed, below it); with `delete` the other flows of the namespaces concerned go. Raises
    Invalid."""
    parsed = read_sources(split_documents(source))
    if namespace is not None:
        _require_namespace(
            parsed,
            lambda name: is_within(name, namespace) if allow_namespace_child else name == namespace,
            namespace,
        )
    concerned: set[str] = set()
    if delete:
        concerned = {item.document.namespace for item in parsed}
        concerned |= _line_below(namespace, allow_namespace_child) if namespace else set()
    return _write_all(actor, parsed, sorted(concerned), check)


def import_flows(
    *,
    actor: Actor,
    files: Sequence[SourceFile],
    fail_on_error: bool = False,
    check: CheckNamespace | None = None,
) -> ImportReport:
    """Every flow of the files, each in a transaction of its own. Those that do not hold are
    reported, or with `fail_on_error` raise Invalid before anything is written."""
    parsed: list[tuple[str, ParsedFlow]] = []
    failures: list[tuple[str, str]] = []
    for file in files:
        for document in split_documents(file.source):
            try:
                parsed.append((file.name, read_source(document.source)))
            except KestraError as error:
                _, flow_id = identity_of(document.source)
                failures.append((flow_id or file.name, str(error)))
    if failures and fail_on_error:
        raise Invalid(violations=[Violation(reason, path=name) for name, reason in failures])
    imported = []
    for name, flow in parsed:
        try:
            if check is not None:
                check(flow.document.namespace, False)
            imported.append(save_flow(actor=actor, parsed=flow))
        except KestraError as error:
            failures.append((flow.document.id or name, str(error)))
    return ImportReport(tuple(imported), tuple(failures))


@transaction.atomic
def _write_all(
    actor: Actor,
    parsed: Sequence[ParsedFlow],
    emptied: Sequence[str],
    check: CheckNamespace | None,
) -> list[StoredFlow]:
    """Writes the flows, then deletes all others in the namespaces `emptied`."""
    kept = {(item.document.namespace, item.document.id) for item in parsed}
    there = Flow.objects.filter(namespace__in=emptied, is_deleted=False)
    doomed = [
        key for key in there.values_list("namespace", "flow_id").order_by("pk") if key not in kept
    ]
    if check is not None:
        for namespace in sorted({name for name, _ in kept}):
            check(namespace, False)
        for namespace in sorted({name for name, _ in doomed}):
            check(namespace, True)
    written = [save_flow(actor=actor, parsed=item) for item in parsed]
    return written + delete_flows(actor=actor, flows=doomed)


def _line_below(namespace: str, with_children: bool) -> set[str]:
    """The namespace, and with its children all below it that have flows."""
    if not with_children:
        return {namespace}
    below = Flow.objects.filter(namespace__startswith=f"{namespace}.", is_deleted=False)
    return {namespace, *below.values_list("namespace", flat=True).distinct()}


def _require_namespace(
    parsed: Sequence[ParsedFlow], is_allowed: Callable[[str], bool], namespace: str
) -> None:
    violations = [
        Violation(
            f"the flow '{item.document.id}' is in namespace '{item.document.namespace}', "
            f"not in '{namespace}'",
            path="flow.namespace",
            invalid_value=item.document.namespace,
        )
        for item in parsed
        if not is_allowed(item.document.namespace)
    ]
    if violations:
        raise WrongNamespace(violations=violations)


def _named_twice(parsed: Sequence[ParsedFlow]) -> list[Violation]:
    seen: set[tuple[str, str]] = set()
    violations = []
    for item in parsed:
        key = (item.document.namespace, item.document.id)
        if key in seen:
            message = f"the flow '{key[0]}.{key[1]}' is there twice"
            violations.append(Violation(message, path="flow.id", invalid_value=key[1]))
        seen.add(key)
    return violations


def _in_document(violation: Violation, number: int, first_line: int) -> Violation:
    """As seen in the whole text."""
    line = None if violation.line is None else violation.line + first_line - 1
    path = f"[{number}]" + (f".{violation.path}" if violation.path else "")
    return replace(violation, line=line, path=path)


def _moved(source: str, namespace: str) -> str:
    """The source with another namespace; nothing else in it changes."""
    line = f"namespace: {namespace}"
    if _NAMESPACE_LINE.search(source):
        return _NAMESPACE_LINE.sub(line, source, count=1)
    return f"{line}\n{source}"
