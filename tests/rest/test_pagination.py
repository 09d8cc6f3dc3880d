import pytest
from django.http import QueryDict

from common.errors import Invalid
from common.tenancy import tenant_scope
from rbac.models import Role
from rest.pagination import PageRequest, Sort, paginate, paginate_list, read_page

COLUMNS = {"name": "name", "state.startDate": ("created", "name")}


@pytest.fixture
def roles(db: None):
    with tenant_scope("main"):
        Role.objects.bulk_create(Role(name=f"role {number:02}") for number in range(25))
        yield


def page(query: str) -> dict[str, object]:
    return paginate(
        Role.objects.all(), QueryDict(query), shape=lambda role: role.name, columns=COLUMNS
    )


def test_a_page_counts_from_one_and_has_ten(roles: None) -> None:
    answer = page("")

    assert answer["total"] == 25
    assert answer["results"] == [f"role {number:02}" for number in range(10)]


def test_the_last_page_and_beyond(roles: None) -> None:
    assert page("page=3") == {"results": [f"role {n:02}" for n in range(20, 25)], "total": 25}
    assert page("page=4") == {"results": [], "total": 25}
    assert page("page=99999999999&size=500") == {"results": [], "total": 25}


def test_large_pages_work(roles: None) -> None:
    assert len(page("size=500")["results"]) == 25


def test_sorting_by_a_field_of_the_api(roles: None) -> None:
    assert page("sort=name:desc&size=1")["results"] == ["role 24"]
    assert page("sort=state.startDate:asc&sort=name:desc&size=1")["total"] == 25


def test_a_short_page_needs_no_count(roles: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        page("size=100")


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=a", "page=1.5", "size=0", "size=10001", "page=" + "9" * 30]
)
def test_pages_that_cannot_be(query: str) -> None:
    with pytest.raises(Invalid):
        read_page(QueryDict(query))


@pytest.mark.parametrize("sort", ["name", "name:", ":asc", "name:up", "name:asc:desc", "other:asc"])
def test_sorts_that_cannot_be(roles: None, sort: str) -> None:
    with pytest.raises(Invalid) as caught:
        page(f"sort={sort}")

    assert caught.value.reason == "Invalid sort parameter"


def test_what_was_asked_is_a_frozen_value() -> None:
    assert read_page(QueryDict("page=2&size=5&sort=name:DESC")) == PageRequest(
        2, 5, (Sort("name", is_descending=True),)
    )


def test_a_list_is_paged_like_rows() -> None:
    answer = paginate_list(
        [3, 1, 2], QueryDict("size=2&sort=value:asc"), keys={"value": lambda value: value}
    )

    assert answer == {"results": [1, 2], "total": 3}
