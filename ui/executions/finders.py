"""What the palette finds of executions: by the beginning of the id, which lists show."""

from django.http import HttpRequest
from django.utils.translation import gettext

from executions.api.access import visible_executions
from rest.gate import actor_of
from ui.areas import Hit
from ui.executions.addresses import path_of
from ui.states import STATE_WORDS

_FOUND_AT_MOST = 5
_SHORTEST = 4
"""Shorter texts are the beginning of too many ids."""


def find_executions(request: HttpRequest, text: str) -> list[Hit]:
    if len(text) < _SHORTEST or not text.isalnum():
        return []
    rows = visible_executions(actor_of(request), "VIEW").filter(public_id__startswith=text)
    return [
        Hit(
            row.public_id,
            path_of(row),
            gettext("Executions"),
            "play",
            f"{row.namespace}.{row.flow_id} · {STATE_WORDS[row.state]}",
        )
        for row in rows.order_by("-created_at")[:_FOUND_AT_MOST]
    ]
