"""The errors of flows."""

from common.errors import Invalid, NotFound


class FlowNotFound(NotFound):
    """The flow does not exist."""


class RevisionNotFound(NotFound):
    """The flow has no such revision."""


class TaskNotFound(NotFound):
    """The flow has no such task."""


class FlowExists(Invalid):
    """There is already a flow with this id."""


class IdentityChanged(Invalid):
    """The id and the namespace of a flow never change."""


class WrongNamespace(Invalid):
    """The flow belongs to another namespace."""


class RevisionInUse(Invalid):
    """The latest revision of a flow cannot be deleted."""
