from datetime import timedelta

import pytest
from django.http import QueryDict

from audit.models import AuditEntry
from common import clock
from common.errors import Invalid
from common.tenancy import tenant_scope
from rbac.models import Role
from rest.filters import (
    Filter,
    FilterSet,
    Flag,
    Labels,
    Moment,
    Namespace,
    Number,
    Operation,
    Search,
    TimeRange,
    Value,
    read_bracketed,
)
from rest.filters import (
    Group as FilterGroup,
)


class RoleFilters(FilterSet):
    q = Search("name", "description")
    name = Value("name")
    namespace = Namespace()
    is_default = Flag("is_default")
    created = Moment("created")
    start_date = Moment("created", flat=Operation.GREATER_THAN_OR_EQUAL_TO)
    time_range = TimeRange("created")
    size = Number("id")
    kind = Value("name", choices=("NORMAL", "TEST"), synonyms={"DEFAULT": "NORMAL"})


class LineFilters(FilterSet):
    labels = Labels("applied_patch")


@pytest.fixture
def roles(db: None):
    with tenant_scope("main"):
        for name, namespace, is_default in (
            ("Alpha", "a", True),
            ("beta", "a.b", False),
            ("gamma", "ab", False),
        ):
            Role.objects.create(name=name, namespace=namespace, is_default=is_default)
        yield


def found(query: str) -> list[str]:
    rows = RoleFilters.apply(Role.objects.all(), QueryDict(query))
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Alpha", "beta", "gamma"]),
        ("page=1&size2=x", ["Alpha", "beta", "gamma"]),
        ("q=ET", ["beta"]),
        ("q=", ["Alpha", "beta", "gamma"]),
        ("namespace=a", ["Alpha", "beta"]),
        ("filters[namespace][EQUALS]=a", ["Alpha"]),
        ("filters%5Bnamespace%5D%5BPREFIX%5D=a", ["Alpha", "beta"]),
        ("filters[namespace][STARTS_WITH]=a", ["Alpha", "beta", "gamma"]),
        ("filters[NAME][EQUALS]=beta", ["beta"]),
        ("filters[name][NOT_EQUALS]=beta", ["Alpha", "gamma"]),
        ("filters[name][IN]=beta,gamma", ["beta", "gamma"]),
        ("filters[name][NOT_IN]=beta,gamma", ["Alpha"]),
        ("filters[name][CONTAINS]=MM", ["gamma"]),
        ("filters[name][NOT_CONTAINS]=MM", ["Alpha", "beta"]),
        ("filters[name][ENDS_WITH]=ta", ["beta"]),
        ("filters[name][REGEX]=^[ab]", ["beta"]),
        ("filters[namespace][IS_NULL]", []),
        ("filters[namespace][IS_NOT_NULL]=", ["Alpha", "beta", "gamma"]),
        ("filters[is_default][EQUALS]=true", ["Alpha"]),
        ("filters[isDefault][NOT_EQUALS]=true", ["beta", "gamma"]),
        ("name=beta&name=gamma", ["beta", "gamma"]),
        ("q=a&filters[name][EQUALS]=beta", ["beta"]),
        ("filters[or][0][name][EQUALS]=beta&filters[or][1][name][EQUALS]=gamma", ["beta", "gamma"]),
        (
            "filters[or][0][name][EQUALS]=Alpha"
            "&filters[or][1][and][0][namespace][PREFIX]=a&filters[or][1][and][1][name][EQUALS]=beta",
            ["Alpha", "beta"],
        ),
        ("filters[startDate][LESS_THAN]=2001-01-01T00:00:00Z", []),
        ("startDate=2001-01-01T00:00:00Z", ["Alpha", "beta", "gamma"]),
        ("startDate=2001-01-01T00:00:00+01:00", ["Alpha", "beta", "gamma"]),
        ("timeRange=PT1H", ["Alpha", "beta", "gamma"]),
    ],
)
def test_filters_find_rows(roles: None, query: str, names: list[str]) -> None:
    assert found(query) == names


@pytest.mark.parametrize(
    "query",
    [
        "filters[nothing][EQUALS]=1",
        "filters[name][ALMOST]=1",
        "filters[name]=1",
        "filters[name][EQUALS][key]=1",
        "filters=1",
        "filters[or][0][or][0][and][0][name][EQUALS]=1",
        "filters[isDefault][EQUALS]=yes",
        "filters[isDefault][CONTAINS]=true",
        "filters[created][GREATER_THAN]=yesterday",
        "filters[timeRange][EQUALS]=soon",
        "timeRange=P99999999Y",
        "timeRange=PT1H&startDate=2001-01-01T00:00:00Z",
        "filters[size][EQUALS]=9999999999999999999999",
        "filters[size][EQUALS]=a",
        "filters[name][REGEX]=(",
        "filters[name][REGEX]=" + "a" * 201,
        "kind=ODD",
        "&".join(f"filters[or][{n}][name][EQUALS]=x" for n in range(201)),
    ],
)
def test_what_cannot_be_asked_is_invalid(roles: None, query: str) -> None:
    with pytest.raises(Invalid):
        found(query)


def test_an_accepted_synonym_is_no_error(roles: None) -> None:
    assert found("kind=DEFAULT") == []


def test_labels_match_by_key_and_value(db: None) -> None:
    with tenant_scope("main"):
        for team in ("sdk", "web"):
            AuditEntry(
                tenant="main", type="READ", resource="FLOW", detail={}, applied_patch={"team": team}
            ).save()
        by_bracket = LineFilters.apply(
            AuditEntry.objects.all(), QueryDict("filters[labels][EQUALS][team]=sdk")
        )
        by_pair = LineFilters.apply(AuditEntry.objects.all(), QueryDict("labels=team:web"))
        negated = LineFilters.apply(
            AuditEntry.objects.all(), QueryDict("filters[labels][NOT_EQUALS][team]=sdk")
        )

        assert [row.applied_patch["team"] for row in by_bracket] == ["sdk"]
        assert [row.applied_patch["team"] for row in by_pair] == ["web"]
        assert [row.applied_patch["team"] for row in negated] == ["web"]
        with pytest.raises(Invalid):
            LineFilters.apply(AuditEntry.objects.all(), QueryDict("labels=team"))


def test_a_label_value_may_hold_colons_and_quotes(db: None) -> None:
    with tenant_scope("main"):
        patch = {"a'b__c": "x:y'\""}
        AuditEntry(
            tenant="main", type="READ", resource="FLOW", detail={}, applied_patch=patch
        ).save()
        query = QueryDict(mutable=True)
        query["labels"] = "a'b__c:x:y'\""

        assert LineFilters.apply(AuditEntry.objects.all(), query).count() == 1


def test_the_tree_is_frozen_values() -> None:
    tree = read_bracketed([("filters[FLOW_ID][IN]", "a, b"), ("other", "x")])

    assert tree == FilterGroup(is_or=False, members=(Filter("flowId", Operation.IN, ("a", "b")),))


def test_filters_of_a_json_body() -> None:
    tree = RoleFilters.from_values(
        [
            {"field": "name", "operation": "IN", "value": ["a", "b"]},
            {"field": "labels", "operation": "EQUALS", "value": {"team": "sdk"}},
        ]
    )

    assert tree.members == (
        Filter("name", Operation.IN, ("a", "b")),
        Filter("labels", Operation.EQUALS, "sdk", "team"),
    )


def test_a_time_range_leaves_out_what_is_older(roles: None) -> None:
    Role.objects.filter(name="beta").update(created=clock.now() - timedelta(hours=2))

    assert found("timeRange=PT1H") == ["Alpha", "gamma"]
    assert found("filters[created][LESS_THAN]=PT1H") == ["beta"]
