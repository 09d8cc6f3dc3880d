"""The glob patterns of `outputFiles`, `include` and `exclude`: `*` within a folder, `**` across
folders, `?`, `[abc]` and `{a,b}`."""

import re
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Matches paths relative to the folder, with slashes."""
    pattern = pattern.removeprefix("glob:").removeprefix("./").removeprefix("/")
    return re.compile(_regex(pattern), re.DOTALL)


def matches(path: str, patterns: Iterable[str]) -> bool:
    return any(compiled(pattern).fullmatch(path) for pattern in patterns)


def has_wildcard(pattern: str) -> bool:
    return any(letter in pattern for letter in "*?[{")


_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|[{},]|\\.|.", re.DOTALL)
_SIMPLE = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}


def _regex(pattern: str) -> str:
    depth = 0
    parts = []
    for piece in _TOKEN.findall(pattern):
        if piece in _SIMPLE:
            parts.append(_SIMPLE[piece])
        elif piece == "{":
            depth += 1
            parts.append("(?:")
        elif piece == "}" and depth:
            depth -= 1
            parts.append(")")
        elif piece == "," and depth:
            parts.append("|")
        elif len(piece) > 1 and piece[0] == "[":
            parts.append("[" + piece[1:].replace("!", "^", 1).replace("\\", r"\\"))
        else:
            parts.append(re.escape(piece[-1]))
    return "".join(parts) + ")" * depth
