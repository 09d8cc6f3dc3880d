"""The errors of tenants, namespaces, keys and namespace files."""

from common.errors import Conflict, Gone, Invalid, NotFound


class TenantNotFound(NotFound):
    """The tenant does not exist."""


class NamespaceNotFound(NotFound):
    """The namespace does not exist."""


class NamespaceNotAllowed(Invalid):
    """The namespace may not be used from here."""


class KeyNotFound(NotFound):
    """No value is stored under this key."""


class KeyExpired(Gone):
    """The value under this key has expired."""


class KeyExists(Conflict):
    """A value is already stored under this key."""


class ValueInvalid(Invalid):
    """This is not a value that a key can hold."""


class RevisionNotFound(NotFound):
    """The file has no such revision."""
