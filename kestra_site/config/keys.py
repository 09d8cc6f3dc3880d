"""Names of keys: kebab, camel and snake case mean the same; environment names find their key;
an unknown key gets the nearest known one as advice."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from kestra_site.config.model import Section

Tree = dict[str, Any]


def squash(key: str) -> str:
    """`secretKey`, `secret-key` and `SECRET_KEY` are one name."""
    return key.replace("-", "").replace("_", "").lower()


def field_named(section: type[Section], key: str) -> str | None:
    wanted = squash(key)
    return next((name for name in section.model_fields if squash(name) == wanted), None)


def subsection(section: type[Section], field: str) -> type[Section] | None:
    annotation = section.model_fields[field].annotation
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return None


def is_free_map(section: type[Section], field: str) -> bool:
    return getattr(section.model_fields[field].annotation, "__origin__", None) is dict


def normalise(
    raw: Mapping[Any, Any], section: type[Section], unknown: list[str], path: str = ""
) -> Tree:
    """The same tree with the fields' own names; what has no field is added to `unknown`."""
    tree: Tree = {}
    for raw_key, value in raw.items():
        key = str(raw_key)
        head, _, rest = key.partition(".")
        field = field_named(section, head)
        if field is None:
            unknown.append(f"{path}{key}")
            continue
        inner = {rest: value} if rest else value
        if inner is None:
            continue
        below = subsection(section, field)
        if below is not None and isinstance(inner, Mapping):
            inner = normalise(inner, below, unknown, f"{path}{_kebab(field)}.")
        merge(tree, {field: inner})
    return tree


def merge(base: Tree, over: Mapping[str, Any]) -> Tree:
    """Lays `over` on `base` in place: maps melt together, all else replaces."""
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = merge({}, value) if isinstance(value, Mapping) else value
    return base


def match_environment_name(tokens: list[str], section: type[Section]) -> list[str] | None:
    """The path of fields that `ENCRYPTION_SECRET_KEY`, cut at its underscores, stands for."""
    for count in range(1, len(tokens) + 1):
        field = field_named(section, "".join(tokens[:count]))
        if field is None:
            continue
        rest = tokens[count:]
        below = subsection(section, field)
        if below is None:
            if not rest:
                return [field]
            if is_free_map(section, field):
                return [field, "-".join(rest).lower()]
        elif rest:
            found = match_environment_name(rest, below)
            if found:
                return [field, *found]
    return None


def known_keys(section: type[Section], path: str = "") -> Iterator[str]:
    for field in section.model_fields:
        key = f"{path}{_kebab(field)}"
        yield key
        below = subsection(section, field)
        if below is not None:
            yield from known_keys(below, f"{key}.")


def nearest_key(key: str, section: type[Section], cutoff: float = 0.6) -> str | None:
    matches = difflib.get_close_matches(key, list(known_keys(section)), n=1, cutoff=cutoff)
    return matches[0] if matches else None


def dotted(location: tuple[str | int, ...]) -> str:
    return ".".join(_kebab(part) if isinstance(part, str) else str(part) for part in location)


def _kebab(field: str) -> str:
    return field.replace("_", "-")
