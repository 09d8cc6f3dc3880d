"""Many flows at once."""

import pytest

from common.actor import Actor
from common.errors import Forbidden, Invalid
from flows.errors import WrongNamespace
from flows.models import Flow
from flows.queries import find_flow, get_flow
from flows.services import (
    bulk_update_flows,
    create_flow,
    import_flows,
    replace_namespace_flows,
)
from flows.uploads import SourceFile
from tests.flows.sources import flow


def present() -> set[tuple[str, str]]:
    rows = Flow.objects.filter(is_deleted=False)
    return set(rows.values_list("namespace", "flow_id"))


def test_flows_of_a_namespace_are_replaced(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow("old"))
    create_flow(actor=actor, source=flow("same"))

    told = replace_namespace_flows(
        actor=actor, namespace="company.team", source=f"{flow('new')}---\n{flow('same')}"
    )

    assert [(item.id, item.is_deleted) for item in told] == [
        ("new", False),
        ("same", False),
        ("old", True),
    ]
    assert get_flow("main", "company.team", "same").revision == 1


def test_the_others_stay_if_nothing_is_to_be_deleted(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow("old"))

    replace_namespace_flows(actor=actor, namespace="company.team", source=flow("new"), delete=False)

    assert present() == {("company.team", "old"), ("company.team", "new")}


def test_a_flow_of_another_namespace_is_refused_or_taken_over(tenant: str, actor: Actor) -> None:
    source = flow("a", "elsewhere")

    with pytest.raises(WrongNamespace):
        replace_namespace_flows(actor=actor, namespace="company.team", source=source)
    replace_namespace_flows(actor=actor, namespace="company.team", source=source, override=True)

    assert get_flow("main", "company.team", "a").source == flow("a", "company.team")


def test_one_bad_document_stops_all_and_its_place_is_that_in_the_whole_text(
    tenant: str, actor: Actor
) -> None:
    with pytest.raises(Invalid) as caught:
        bulk_update_flows(actor=actor, source=f"{flow('a')}---\n{flow('b', more='nonsense: 1')}")

    [violation] = caught.value.violations
    assert (violation.path, violation.line) == ("[1].nonsense", 14)
    assert present() == set()


def test_the_same_flow_twice_is_refused(tenant: str, actor: Actor) -> None:
    with pytest.raises(Invalid, match="twice"):
        bulk_update_flows(actor=actor, source=f"{flow()}---\n{flow()}")


def test_bulk_updates_empty_the_namespaces_concerned(tenant: str, actor: Actor) -> None:
    for namespace in ("a", "a.b", "c"):
        create_flow(actor=actor, source=flow("old", namespace))

    bulk_update_flows(actor=actor, source=flow("new", "a"), delete=True)
    assert present() == {("a", "new"), ("a.b", "old"), ("c", "old")}

    bulk_update_flows(
        actor=actor,
        source=flow("newer", "a"),
        delete=True,
        namespace="a",
        allow_namespace_child=True,
    )
    assert present() == {("a", "newer"), ("c", "old")}


def test_bulk_updates_of_a_namespace_may_reach_below_it(tenant: str, actor: Actor) -> None:
    with pytest.raises(WrongNamespace):
        bulk_update_flows(actor=actor, source=flow("x", "a.b"), namespace="a")

    bulk_update_flows(
        actor=actor, source=flow("x", "a.b"), namespace="a", allow_namespace_child=True
    )

    assert present() == {("a.b", "x")}


def test_a_refused_namespace_undoes_all(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow("old"))

    def check(namespace: str, deletes: bool) -> None:
        if deletes:
            raise Forbidden

    with pytest.raises(Forbidden):
        replace_namespace_flows(
            actor=actor, namespace="company.team", source=flow("new"), check=check
        )

    assert present() == {("company.team", "old")}


def test_an_import_takes_what_holds_and_names_the_rest(tenant: str, actor: Actor) -> None:
    files = [
        SourceFile("two.yml", f"{flow('a')}---\n{flow('b')}"),
        SourceFile("bad.yml", flow("c", more="nonsense: 1\n")),
        SourceFile("unreadable.yml", "id: ["),
    ]

    report = import_flows(actor=actor, files=files)

    assert [item.id for item in report.imported] == ["a", "b"]
    assert [name for name, _ in report.failures] == ["c", "unreadable.yml"]


def test_an_import_may_be_asked_to_fail_before_anything_is_written(
    tenant: str, actor: Actor
) -> None:
    files = [SourceFile("a.yml", flow("a")), SourceFile("bad.yml", "id: [")]

    with pytest.raises(Invalid):
        import_flows(actor=actor, files=files, fail_on_error=True)

    assert find_flow("main", "company.team", "a") is None
