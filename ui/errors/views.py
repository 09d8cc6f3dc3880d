"""The address below `/ui` that no area knows."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from common.errors import NotFound
from rest.permissions import SIGNED_IN
from ui.frame import page


@page(SIGNED_IN, methods=("GET", "POST"))
def show_not_found(request: HttpRequest, **_: Any) -> HttpResponse:
    raise NotFound
