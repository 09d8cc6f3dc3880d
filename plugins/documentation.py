"""Documentation of the types: the page of one, and the list by package that the API and the command
line show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plugins.contracts.model import Plugin
from plugins.contracts.nested import Kind
from plugins.registry import Registry, kind_of
from plugins.schema import description_of, title_of, type_schema

_LISTS: Mapping[Kind, str] = {
    Kind.TASK: "tasks",
    Kind.TRIGGER: "triggers",
    Kind.CONDITION: "conditions",
    Kind.TASK_RUNNER: "taskRunners",
}
# Of every task; shown after a type's own.
COMMON_PROPERTIES = (
    "id", "type", "description", "disabled", "runIf", "allowFailure", "allowWarning", "retry",
    "timeout", "workerGroup", "logLevel", "logToFile", "errors", "finally",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Documentation:
    """The page of a type and its schema."""

    markdown: str
    schema: Mapping[str, Any]

    def to_map(self) -> dict[str, Any]:
        return {"markdown": self.markdown, "schema": dict(self.schema)}


def document(found: type[Plugin], *, with_common: bool = False) -> Documentation:
    """The page of one type; `with_common` lists what every task has as well."""
    schema = type_schema(found)
    parts = [
        f"# {found.type_name.rpartition('.')[2]}",
        title_of(found),
        description_of(found),
        f'```yaml\ntype: "{found.type_name}"\n```',
        "This type is deprecated." if found.is_deprecated else "",
        _examples(found),
        _table("Properties", schema["properties"], skip=() if with_common else COMMON_PROPERTIES),
        _table("Outputs", schema["outputs"]),
        _aliases(found),
    ]
    return Documentation("\n\n".join(part for part in parts if part) + "\n", schema)


def list_packages(registry: Registry, *, by_group: bool = False) -> list[dict[str, Any]]:
    """An entry for each package, or with `by_group` for each group of types within it."""
    grouped: dict[str, list[type[Plugin]]] = {}
    for entry in registry.entries():
        parts = entry.name.split(".")
        key = ".".join(parts[: -1 if by_group else 4])
        grouped.setdefault(key, []).append(registry.get(entry.name))
    return [_package(group, types, by_group=by_group) for group, types in grouped.items()]


def _package(group: str, types: list[type[Plugin]], *, by_group: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": group.rpartition(".")[2],
        "title": group.rpartition(".")[2],
        "group": ".".join(group.split(".")[:4]),
        "aliases": [alias for each in types for alias in each.aliases],
        "manifest": {},
        "guides": [],
    }
    if by_group:
        found["subGroup"] = group
    for kind, name in _LISTS.items():
        of_kind = [each for each in types if kind_of(each) is kind]
        # The API has no list of conditions; they are among the additional ones.
        key = "additionalPlugins" if name == "conditions" else name
        found[key] = [_element(each) for each in of_kind]
    return found


def _element(found: type[Plugin]) -> dict[str, Any]:
    return {
        "cls": found.type_name,
        "deprecated": found.is_deprecated,
        "title": title_of(found),
        "description": description_of(found),
    }


def _examples(found: type[Plugin]) -> str:
    blocks = [
        f"> {example.title}\n\n```{example.lang}\n{example.code.strip()}\n```"
        for example in found.examples
    ]
    return "## Examples\n\n" + "\n\n".join(blocks) if blocks else ""


def _table(title: str, schema: Mapping[str, Any], *, skip: Iterable[str] = ()) -> str:
    left_out = set(skip)
    rows = [
        _row(name, prop)
        for name, prop in schema.get("properties", {}).items()
        if name not in left_out
    ]
    if not rows:
        return ""
    head = "| property | type | required | default | description |\n| --- | --- | --- | --- | --- |"
    return f"## {title}\n\n{head}\n" + "\n".join(rows)


def _row(name: str, prop: Mapping[str, Any]) -> str:
    required = "yes" if prop.get("$required") else "no"
    default = prop.get("default")
    shown = f"`{default}`" if default not in (None, "") else ""
    words = str(prop.get("description", "")).replace("\n", " ").replace("|", "\\|")
    if prop.get("deprecated"):
        words += " Deprecated."
    return f"| `{name}` | {type_words(prop)} | {required} | {shown} | {words} |"


def type_words(prop: Mapping[str, Any]) -> str:
    """What a property takes, in words; values and names of types stand in backticks."""
    if "$ref" in prop:
        return str(prop["$ref"]).rpartition("/")[2]
    if "enum" in prop:
        return ", ".join(f"`{value}`" for value in prop["enum"])
    if "const" in prop:
        return f"`{prop['const']}`"
    if "anyOf" in prop:
        words = [type_words(option) for option in prop["anyOf"] if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    kind = str(prop.get("format") or prop.get("type") or "any")
    if kind == "array" and isinstance(prop.get("items"), Mapping):
        return f"list of {type_words(prop['items'])}"
    return {"object": "map", "string": "text", "integer": "whole number"}.get(kind, kind)


def _aliases(found: type[Plugin]) -> str:
    if not found.aliases:
        return ""
    return "## Older names\n\n" + "\n".join(f"- `{alias}`" for alias in found.aliases)
