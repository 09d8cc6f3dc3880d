"""The registry as pages show it: groups of types, and one type with all that can be set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.safestring import SafeString

from flows.api.icons import group_icon, type_icon
from plugins.contracts.model import Plugin
from plugins.documentation import COMMON_PROPERTIES, type_words
from plugins.registry import installed_registry, kind_of
from plugins.schema import description_of, title_of, type_schema
from ui.plugins.prose import prose


@dataclass(frozen=True, slots=True)
class TypeCard:
    """A type in its group; `icon` is a picture as data."""

    name: str
    label: str
    kind: str
    title: str
    icon: str
    is_deprecated: bool

    @property
    def searched(self) -> str:
        return f"{self.name} {self.kind} {self.title}".lower()


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    icon: str
    types: list[TypeCard]


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    kind: str
    default: str
    description: SafeString
    is_required: bool
    is_dynamic: bool
    is_deprecated: bool


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class TypePage:
    card: TypeCard
    group: str
    description: SafeString
    examples: list[Example]
    properties: list[Property]
    common: list[Property]
    outputs: list[Property]
    aliases: list[str]


def groups(text: str = "") -> list[Group]:
    """Those with types that have all words of the text in name, kind or title."""
    words = text.lower().split()
    found = []
    for group in _all_groups():
        types = [each for each in group.types if all(word in each.searched for word in words)]
        if types:
            found.append(Group(group.name, group.label, group.icon, types))
    return found


@cache
def type_page(name: str) -> TypePage:
    """Of a type under its present name. Raises UnknownType."""
    found = installed_registry().get(name)
    schema = type_schema(found)
    own: list[Property] = []
    common: list[Property] = []
    for each in _properties(schema["properties"]):
        (common if each.name in COMMON_PROPERTIES else own).append(each)
    return TypePage(
        card=_card(found),
        group=found.type_name.rpartition(".")[0],
        description=prose(description_of(found)),
        examples=[Example(each.title, each.code.strip()) for each in found.examples],
        properties=own,
        common=common,
        outputs=_properties(schema["outputs"]),
        aliases=list(found.aliases),
    )


@cache
def _all_groups() -> list[Group]:
    grouped: dict[str, list[TypeCard]] = {}
    for found in installed_registry().all():
        grouped.setdefault(found.type_name.rpartition(".")[0], []).append(_card(found))
    return [
        Group(name, _group_label(name), _picture(group_icon(name)), types)
        for name, types in grouped.items()
    ]


def _card(found: type[Plugin]) -> TypeCard:
    return TypeCard(
        name=found.type_name,
        label=found.type_name.rpartition(".")[2],
        kind=kind_of(found).words,
        title=_plain(title_of(found)),
        icon=_picture(type_icon(found)),
        is_deprecated=found.is_deprecated,
    )


def _group_label(name: str) -> str:
    """`io.kestra.plugin.core.http` as `core · http`."""
    return " · ".join(name.split(".")[3:]) or name


def _picture(icon: Mapping[str, Any]) -> str:
    return f"data:image/svg+xml;base64,{icon['icon']}"


def _properties(schema: Mapping[str, Any]) -> list[Property]:
    """Those that must be given first."""
    found = [_property(*item) for item in schema.get("properties", {}).items()]
    return sorted(found, key=lambda each: not each.is_required)


def _property(name: str, schema: Mapping[str, Any]) -> Property:
    default = schema.get("default")
    return Property(
        name=name,
        kind=_plain(type_words(schema)),
        default="" if default in (None, "") else str(default),
        description=prose(str(schema.get("description", ""))),
        is_required=bool(schema.get("$required")),
        is_dynamic=_is_dynamic(schema),
        is_deprecated=bool(schema.get("deprecated")),
    )


def _is_dynamic(schema: Mapping[str, Any]) -> bool:
    """Whether it takes an expression; one that may be left out has its type a level below."""
    return bool(schema.get("$dynamic")) or any(map(_is_dynamic, schema.get("anyOf", ())))


def _plain(words: str) -> str:
    return words.replace("`", "")
