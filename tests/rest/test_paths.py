import pytest

from rest.paths import RESERVED_SEGMENTS, Address, is_tenant_id, read_address


@pytest.mark.parametrize(
    ("path", "inside", "tenant"),
    [
        ("/api/v1/prod/flows/search", "/api/v1/prod/flows/search", "prod"),
        ("/api/v1/flows/search", "/api/v1/main/flows/search", "main"),
        ("/api/v1/flows/search/", "/api/v1/main/flows/search", "main"),
        ("/api/v1/flows", "/api/v1/main/flows", "main"),
        ("/api/v1/main-tenant-flows", "/api/v1/main/main-tenant-flows", "main"),
        ("/api/v1/Prod/flows", "/api/v1/Prod/flows", "Prod"),
        ("/api/v1", "/api/v1", None),
        ("/api/openapi.yml", "/api/openapi.yml", None),
        ("/ui/prod/flows", "/ui/prod/flows", "prod"),
        ("/ui/prod", "/ui/prod", "prod"),
        ("/ui/", "/ui/", None),
        ("/ui/login", "/ui/login", None),
        ("/ui/setup/", "/ui/setup/", None),
        ("/login/", "/login", None),
        ("/health", "/health", None),
    ],
)
def test_a_path_names_its_tenant(path: str, inside: str, tenant: str | None) -> None:
    address = read_address(path)

    assert (address.path, address.tenant) == (inside, tenant)


def test_a_path_without_a_tenant_may_also_be_instance_wide() -> None:
    assert read_address("/api/v1/users/") == Address("/api/v1/main/users", "main", "/api/v1/users")


@pytest.mark.parametrize("text", [*sorted(RESERVED_SEGMENTS), "", "-a", "A", "a.b", "a/b"])
def test_reserved_and_malformed_ids_are_no_tenants(text: str) -> None:
    assert not is_tenant_id(text)


@pytest.mark.parametrize("text", ["main", "a", "0", "a_b-c"])
def test_tenant_ids(text: str) -> None:
    assert is_tenant_id(text)
