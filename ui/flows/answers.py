"""JSON for the islands of these pages."""

from typing import Any

from django.http import HttpResponse

from common import json


def answer_json(value: Any) -> HttpResponse:
    response = HttpResponse(json.dump_bytes(value), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
