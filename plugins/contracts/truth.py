"""When a rendered condition (`condition`, `runIf`, an assertion) counts as false."""

from typing import Any

_FALSE = frozenset({"", "0", "-0", "false"})


def is_true(rendered: Any) -> bool:
    """False is exactly: boolean false, null, and the texts "", "0", "-0" and "false"."""
    if rendered is None or isinstance(rendered, bool):
        return bool(rendered)
    return str(rendered) not in _FALSE
