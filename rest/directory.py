"""Which tenants there are, as far as the frame must know. `tenants` registers the real directory
when it starts; without it there is the default tenant alone."""

from typing import Protocol

from common.actor import Actor
from common.tenancy import DEFAULT_TENANT


class TenantDirectory(Protocol):
    def exists(self, tenant: str) -> bool: ...

    def names(self) -> dict[str, str]:
        """Id to name of every tenant."""

    def create_tenant(self, *, actor: Actor, id: str, name: str) -> None:  # noqa: A002  # the API's word
        """Makes the tenant with its managed roles, unless it is there. One transaction."""


class OnlyDefaultTenant:
    """The directory of a process in which no other was registered."""

    def exists(self, tenant: str) -> bool:
        return tenant == DEFAULT_TENANT

    def names(self) -> dict[str, str]:
        return {DEFAULT_TENANT: DEFAULT_TENANT}

    def create_tenant(self, *, actor: Actor, id: str, name: str) -> None:  # noqa: A002  # the API's word
        """There is nothing to make."""


_directory: TenantDirectory = OnlyDefaultTenant()


def register_directory(directory: TenantDirectory) -> None:
    global _directory  # noqa: PLW0603  # set once, when apps start
    _directory = directory


def tenant_directory() -> TenantDirectory:
    return _directory
