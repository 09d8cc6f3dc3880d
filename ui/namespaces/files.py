"""The tab of files: a tree at the left, the file or folder that is chosen beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext

from common.errors import BadRequest
from rbac.queries import allowed
from rest.gate import actor_of
from storage.contract import FileAttributes
from storage.errors import FileInTheWay, FileMissing
from tenants import queries, services
from tenants.api.downloads import FileDownload
from ui.frame import page
from ui.namespaces.header import show_namespace, url_of
from ui.namespaces.places import clean_path, file_url, joined
from ui.rendering import go_to, show

MOST_EDITED = 1_048_576
"""Bytes of a file that is shown as text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A file or folder of the tree; `children` of folders that are open."""

    path: str
    name: str
    is_folder: bool
    size: int
    modified: datetime
    is_open: bool = False
    is_chosen: bool = False
    children: "list[Node]" = field(default_factory=list)


@page("FLOW", "VIEW")
def show_files(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """`path` is what is chosen; nothing: the namespace's own folder."""

    def context() -> dict[str, Any]:
        path = clean_path(request.GET.get("path", ""))
        found = queries.file_attributes(namespace=namespace, path=path) if path else None
        is_file = found is not None and not found.is_directory
        folder = path.rpartition("/")[0] if is_file else path
        actor = actor_of(request)
        return {
            "tree": _nodes(namespace, "", path),
            "path": path,
            "folder": folder,
            "url": url_of(tenant, namespace, "files"),
            "file": found if is_file else None,
            "content": _text_of(namespace, path, found) if is_file and found else None,
            "entries": None if is_file else _nodes(namespace, path),
            "may": {
                "update": allowed(actor, "FLOW", "UPDATE", tenant, namespace),
                "delete": allowed(actor, "FLOW", "DELETE", tenant, namespace),
            },
        }

    return show_namespace(request, tenant, namespace, "files", context)


@page("FLOW", "VIEW")
def show_folder(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """The lines of the tree below a folder, when it is opened."""
    path = clean_path(request.GET.get("path", ""))
    context = {"nodes": _nodes(namespace, path), "url": url_of(tenant, namespace, "files")}
    return show(request, "namespaces/_nodes.html", context)


@page("FLOW", "VIEW")
def download_file(request: HttpRequest, tenant: str, namespace: str) -> HttpResponseBase:
    """A file, or without `path` all files of the namespace as ZIP."""
    path = clean_path(request.GET.get("path", ""))
    if not path:
        archive = queries.export_of(namespace=namespace)
        return FileDownload(archive, file_name=f"{namespace}_files.zip")
    stream, found = queries.open_file(namespace=namespace, path=path)
    return FileDownload(stream, file_name=found.name, size=found.size)


@page("FLOW", "UPDATE", methods=("POST",))
def save_file(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """`content` under `path`, with the ends of lines that it had."""
    path = _needed(request, "path")
    content = request.POST.get("content", "").replace("\r\n", "\n")
    if request.POST.get("ends") == "crlf":
        content = content.replace("\n", "\r\n")
    services.upload_file(
        actor=actor_of(request), namespace=namespace, path=path, content=content.encode()
    )
    messages.success(request, gettext("%s is saved.") % path)
    return go_to(request, file_url(tenant, namespace, path))


@page("FLOW", "UPDATE", methods=("POST",))
def create_file(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """An empty file, or where `kind` says so a folder: `name` in `folder`."""
    path = joined(request.POST.get("folder", ""), _needed(request, "name"))
    _require_free(namespace, path)
    actor = actor_of(request)
    if request.POST.get("kind") == "folder":
        services.make_directory(actor=actor, namespace=namespace, path=path)
    else:
        services.upload_file(actor=actor, namespace=namespace, path=path, content=b"")
    messages.success(request, gettext("%s is created.") % path)
    return go_to(request, file_url(tenant, namespace, path))


@page("FLOW", "UPDATE", methods=("POST",))
def upload_files(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """`files` into `folder`, in place of those of the same name."""
    folder = clean_path(request.POST.get("folder", ""))
    given = request.FILES.getlist("files")
    if not given:
        raise BadRequest("no file was chosen")
    for each in given:
        services.upload_file(
            actor=actor_of(request),
            namespace=namespace,
            path=joined(folder, each.name or ""),
            content=each.chunks(),
        )
    told = ngettext("%d file uploaded.", "%d files uploaded.", len(given)) % len(given)
    messages.success(request, told)
    return go_to(request, file_url(tenant, namespace, folder))


@page("FLOW", "UPDATE", methods=("POST",))
def move_file(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    source, target = _needed(request, "path"), _needed(request, "to")
    services.move_file(actor=actor_of(request), namespace=namespace, source=source, target=target)
    messages.success(request, gettext("Moved to %s.") % target)
    return go_to(request, file_url(tenant, namespace, target))


@page("FLOW", "DELETE", methods=("POST",))
def delete_file(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    path = _needed(request, "path")
    if not services.delete_file(actor=actor_of(request), namespace=namespace, path=path):
        raise FileMissing(f"there is no file or folder '{path}' any more")
    messages.success(request, gettext("%s is deleted.") % path)
    return go_to(request, file_url(tenant, namespace, path.rpartition("/")[0]))


def _needed(request: HttpRequest, name: str) -> str:
    """A path that names something. Raises BadRequest."""
    path = clean_path(request.POST.get(name, ""))
    if not path:
        raise BadRequest(f"'{name}' is empty; name a file or a folder")
    return path


def _require_free(namespace: str, path: str) -> None:
    try:
        queries.file_attributes(namespace=namespace, path=path)
    except FileMissing:
        return
    raise FileInTheWay(f"'{path}' is there already; choose another name")


def _nodes(namespace: str, folder: str, chosen: str = "") -> list[Node]:
    """What lies in a folder, open down to what is chosen; folders first, each by name."""
    children = queries.directory_of(namespace=namespace, path=folder)
    return [_node(namespace, folder, each, chosen) for each in _in_order(children)]


def _node(namespace: str, folder: str, found: FileAttributes, chosen: str) -> Node:
    path = joined(folder, found.name)
    is_open = found.is_directory and (chosen == path or chosen.startswith(f"{path}/"))
    return Node(
        path=path,
        name=found.name,
        is_folder=found.is_directory,
        size=found.size,
        modified=found.modified,
        is_open=is_open,
        is_chosen=chosen == path,
        children=_nodes(namespace, path, chosen) if is_open else [],
    )


def _in_order(children: Sequence[FileAttributes]) -> list[FileAttributes]:
    return sorted(children, key=lambda each: (not each.is_directory, each.name.lower()))


def _text_of(namespace: str, path: str, found: FileAttributes) -> dict[str, Any] | None:
    """Nothing for what is too large or no text."""
    if found.size > MOST_EDITED:
        return None
    stream, _found = queries.open_file(namespace=namespace, path=path)
    with stream:
        raw = stream.read(MOST_EDITED)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    return {"text": text.replace("\r\n", "\n"), "ends": "crlf" if "\r\n" in text else "lf"}
