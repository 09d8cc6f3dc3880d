"""Who acts: the value that services, permissions and the audit log are given."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "USER"
    SERVICE_ACCOUNT = "SERVICE_ACCOUNT"
    COMMAND_LINE = "COMMAND_LINE"
    SYSTEM = "SYSTEM"
    ANONYMOUS = "ANONYMOUS"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token's owner, the command line or the engine itself."""

    kind: ActorKind
    id: str = ""
    name: str = ""
    ip_address: str = ""
    token_id: str = ""
    is_super_admin: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.kind is not ActorKind.ANONYMOUS


SYSTEM = Actor(ActorKind.SYSTEM, id="system", name="system", is_super_admin=True)
COMMAND_LINE = Actor(
    ActorKind.COMMAND_LINE, id="command-line", name="command line", is_super_admin=True
)
ANONYMOUS = Actor(ActorKind.ANONYMOUS)
