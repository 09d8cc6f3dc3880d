"""Time at the edges: aware, UTC, printed as the API prints it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def to_iso(moment: datetime) -> str:
    """`2024-12-20T17:12:37.412345Z`: UTC, microseconds always there."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def from_iso(text: str) -> datetime:
    """An ISO 8601 instant; without an offset it is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
