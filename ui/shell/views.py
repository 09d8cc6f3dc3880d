"""What the shell asks for: the palette's finds."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from common import json
from rest.permissions import SIGNED_IN
from ui.areas import Hit, areas
from ui.frame import page
from ui.shell.context import Shell

_FOUND_AT_MOST = 30


@page(SIGNED_IN)
def find_in_palette(request: HttpRequest, **_: Any) -> HttpResponse:
    """`{"results": [{title, url, group, icon, hint}]}`: pages first, then what the areas find."""
    text = request.GET.get("q", "").replace("\x00", "").strip()
    hits = _pages(request, text)
    if text:
        finders = [finder for area in areas() for finder in area.finders]
        hits += [hit for finder in finders for hit in finder(request, text)]
    body = json.dump_bytes({"results": [asdict(hit) for hit in hits[:_FOUND_AT_MOST]]})
    return HttpResponse(body, content_type="application/json")


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    lines = [line for _, lines in Shell(request).groups for line in lines]
    wanted = text.casefold()
    return [
        Hit(line.title, line.url, gettext("Pages"), line.icon)
        for line in lines
        if wanted in line.title.casefold()
    ]
