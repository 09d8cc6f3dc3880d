"""A gate that lets everybody in as one person with the rights that a test gives him."""

from dataclasses import dataclass, field
from typing import ClassVar

from common.actor import Actor, ActorKind
from common.errors import Forbidden
from rest.identity import Credentials, Identity
from rest.permissions import SUPER_ADMIN, Declaration, Permission


@dataclass
class FakeGate:
    """`granted` maps RESOURCE:ACTION to the namespaces it holds in; None: he may do everything."""

    granted: ClassVar[dict[str, set[str]] | None] = None
    person: Actor = field(
        default_factory=lambda: Actor(ActorKind.USER, id="u1", name="ann@example.com")
    )

    def identify(self, credentials: Credentials) -> Identity:
        return Identity(actor=self.person, account=1)

    def authorize(
        self,
        identity: Identity,
        declaration: Declaration,
        *,
        tenant: str | None,
        namespace: str | None = None,
    ) -> None:
        if self.granted is None:
            return
        if declaration is SUPER_ADMIN:
            raise Forbidden
        assert isinstance(declaration, Permission)
        for action in declaration.actions:
            places = self.granted.get(f"{declaration.resource}:{action}", set())
            if places and (namespace is None or _covers(places, namespace)):
                return
        raise Forbidden(f"this needs the permission {declaration}")

    def enter_from_memory(self, *_: object, **__: object) -> None:
        return None


def _covers(places: set[str], namespace: str) -> bool:
    return any(namespace == place or namespace.startswith(f"{place}.") for place in places)
