"""Every route says who may call it."""

from django.urls import get_resolver

from rest.permissions import undeclared_routes


def test_every_view_declares_its_permission() -> None:
    assert undeclared_routes(get_resolver().url_patterns) == []
