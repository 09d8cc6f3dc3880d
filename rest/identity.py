"""Who sent a request: the credentials as they came, and the identity they were found to be."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from common.actor import ANONYMOUS, Actor

SESSION_COOKIE = "JWT"


class Scheme(StrEnum):
    NONE = "NONE"
    BEARER = "BEARER"
    BASIC = "BASIC"
    COOKIE = "COOKIE"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought to sign in with: the first way that is present and not empty."""

    scheme: Scheme = Scheme.NONE
    secret: str = field(default="", repr=False)
    """The token, or `user:password`."""
    ip_address: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked caller. Stands as `request.user` in REST views."""

    actor: Actor = ANONYMOUS
    account: int = 0
    """Primary key of the user row; 0 for nobody."""
    session_id: str = ""
    is_restricted: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.actor.is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return not self.actor.is_authenticated

    @property
    def pk(self) -> int:
        return self.account


NOBODY = Identity()


def read_credentials(
    *, authorization: str, cookies: Mapping[str, str], ip_address: str = ""
) -> Credentials:
    """An empty Basic header (some clients always send one) counts as none."""
    scheme, _, value = authorization.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer" and value:
        return Credentials(Scheme.BEARER, value, ip_address)
    if scheme.lower() == "basic" and value:
        pair = _decode_pair(value)
        if pair != ":":
            return Credentials(Scheme.BASIC, pair, ip_address)
    if cookies.get(SESSION_COOKIE):
        return Credentials(Scheme.COOKIE, cookies[SESSION_COOKIE], ip_address)
    return Credentials(ip_address=ip_address)


def _decode_pair(value: str) -> str:
    """`user:password`; what cannot be read becomes a pair that nobody has."""
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return "\x00:\x00"
    return text if ":" in text else f"{text}:"
