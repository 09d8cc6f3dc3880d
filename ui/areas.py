"""The areas of the pages, found by their folders: a new one is seen without a line here.

An area is a package `ui/<name>/` with a `urls.py`, which may have these lists:

    root_urls    routes below /ui/
    tenant_urls  routes below /ui/<tenant>/
    entries      what the sidebar has of it
    finders      what the palette finds in it
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

import ui
from rest.permissions import Declaration

Routes = Sequence[URLPattern | URLResolver]


@dataclass(frozen=True)
class Entry:
    """A line of the sidebar; nobody sees it who may not open the page. `path` is below
    `/ui/<tenant>/`; `title` and `group` are lazily translated; lower `order` is higher up."""

    title: Any
    path: str
    icon: str
    declared: Declaration
    group: Any = ""
    order: int = 100


@dataclass(frozen=True)
class Hit:
    """Something that the palette found. `url` is absolute on this host; `icon` is one of those
    that entries of the sidebar have."""

    title: str
    url: str
    group: str
    icon: str
    hint: str = ""


Finder = Callable[[HttpRequest, str], Sequence[Hit]]
"""Given the request and what was typed. Asks for the caller's permissions itself."""


@dataclass(frozen=True)
class Area:
    root_urls: Routes = ()
    tenant_urls: Routes = ()
    entries: Sequence[Entry] = ()
    finders: Sequence[Finder] = field(default=())


@cache
def areas() -> tuple[Area, ...]:
    """By name of their folders."""
    found = []
    for module in iter_modules(ui.__path__):
        name = f"ui.{module.name}.urls"
        if module.ispkg and find_spec(name):
            area = import_module(name)
            parts = {part: getattr(area, part, ()) for part in Area.__dataclass_fields__}
            found.append(Area(**parts))
    return tuple(found)


@cache
def all_entries() -> tuple[Entry, ...]:
    return tuple(
        sorted(
            (entry for area in areas() for entry in area.entries),
            key=lambda entry: (entry.order, entry.path),
        )
    )
