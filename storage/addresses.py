"""Addresses of internal storage: `kestra:///path/to/file`, parsed, checked and printed.

A path that could lead out of its tenant never becomes an `Address`, so backends need no check of
their own. What lies where is `storage.layout`'s."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

from storage.errors import AddressRefused

SCHEME = "kestra://"
MAX_NAME_BYTES = 200
MAX_PATH_BYTES = 900
MAX_DEPTH = 64
# The tenant of what belongs to the whole instance (installed plugins); no tenant may be called so.
INSTANCE = "_instance"

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"#%<>?\[\]^`{|}\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ROUNDS_OF_DECODING = 4


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A checked path inside one tenant's storage; no segments means the tenant's root."""

    segments: tuple[str, ...]

    @classmethod
    def parse(cls, uri: str) -> Self:
        """An address as it is printed, percent-encoded. Raises AddressRefused."""
        if not isinstance(uri, str) or not uri.startswith(f"{SCHEME}/"):
            raise AddressRefused(
                f"'{_shown(uri)}' is not an address of internal storage; "
                "such an address begins with kestra:///",
                uri=uri,
            )
        path = uri.removeprefix(f"{SCHEME}/").removesuffix("/")
        parts = path.split("/") if path else []
        return cls.of(*(unquote(part, errors="surrogateescape") for part in parts))

    @classmethod
    def of(cls, *segments: str) -> Self:
        """An address from plain names, each of which is checked. Raises AddressRefused."""
        for name in segments:
            check_name(name)
        if len(segments) > MAX_DEPTH or len("/".join(segments).encode()) > MAX_PATH_BYTES:
            raise AddressRefused(
                f"The path is too long: at most {MAX_PATH_BYTES} bytes and {MAX_DEPTH} folders"
            )
        return cls(segments)

    @classmethod
    def of_path(cls, path: str) -> Self:
        """An address from a plain path as people type it (`scripts/main.py`, with or without a
        slash at either end). Nothing is decoded. Raises AddressRefused."""
        trimmed = path.removeprefix("/").removesuffix("/")
        return cls.of(*trimmed.split("/")) if trimmed else cls(())

    @property
    def name(self) -> str:
        return self.segments[-1] if self.segments else ""

    @property
    def parent(self) -> "Address":
        return Address(self.segments[:-1])

    @property
    def path(self) -> str:
        """Plain, without a leading slash."""
        return "/".join(self.segments)

    @property
    def is_root(self) -> bool:
        return not self.segments

    def child(self, *names: str) -> "Address":
        return Address.of(*self.segments, *names)

    def join(self, other: "Address") -> "Address":
        """`other`, which is relative, below this one."""
        return self.child(*other.segments)

    def is_below(self, prefix: "Address") -> bool:
        """Whether this lies in the folder `prefix`, at any depth; not the folder itself."""
        depth = len(prefix.segments)
        return len(self.segments) > depth and self.segments[:depth] == prefix.segments

    def relative_to(self, prefix: "Address") -> str:
        """The plain path inside the folder `prefix`."""
        return "/".join(self.segments[len(prefix.segments) :])

    def __str__(self) -> str:
        return f"{SCHEME}/" + "/".join(_quoted(name) for name in self.segments)


ROOT = Address(())


def check_name(name: str) -> None:
    """Raises AddressRefused for what may not be the name of a file or folder."""
    reason = _fault(name)
    if reason:
        raise AddressRefused(f"'{_shown(name)}' cannot be part of a path: {reason}", name=name)


def check_tenant(tenant: str) -> None:
    """Raises AddressRefused for what could not be a tenant's folder."""
    if tenant != INSTANCE and not _TENANT.fullmatch(tenant):
        raise AddressRefused(f"'{_shown(tenant)}' is not the id of a tenant", tenant=tenant)


def _fault(name: str) -> str:
    if not name:
        return "a name is empty"
    if _CONTROL.search(name):
        return "it holds a control character"
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "it is not valid text"
    if size > MAX_NAME_BYTES:
        return f"a name has at most {MAX_NAME_BYTES} bytes"
    # Somebody further on may decode once more than we do: no spelling of a way out is let in.
    for _ in range(_ROUNDS_OF_DECODING):
        if name in {".", ".."}:
            return "it would lead to another folder"
        if "/" in name or "\\" in name:
            return "it holds a slash or a backslash"
        if "\0" in name:
            return "it holds a control character"
        name = unquote(name)
    return ""


def _quoted(name: str) -> str:
    return _UNSAFE.sub(lambda match: f"%{ord(match.group()):02X}", name)


def _shown(value: object) -> str:
    text = str(value)
    return ascii(text[:120])[1:-1]
