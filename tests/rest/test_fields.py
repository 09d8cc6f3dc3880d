import pytest

from common.tenancy import tenant_scope
from rbac.models import Role


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": {"z": None, "y": [1.5, True]}},
        {"nul": "a\x00b", "snow": "☃"},
        [2**53 + 1, -(2**63)],
        "text",
        {},
    ],
)
def test_user_data_comes_back_as_it_went_in(value) -> None:
    with tenant_scope("main"):
        role = Role.objects.create(name="r", permissions=value)

        kept = Role.objects.get(pk=role.pk).permissions

    assert kept == value
    if isinstance(value, dict):
        assert list(kept) == list(value)
