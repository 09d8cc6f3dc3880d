"""The Django app of the HTML pages. It owns no table."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    label = "ui"
