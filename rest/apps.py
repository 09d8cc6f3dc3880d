"""The Django app of the frame: guards each database connection, owns no table."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from rest.lean import load_rest_framework


class RestConfig(AppConfig):
    name = "rest"
    label = "rest"

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        load_rest_framework()  # before any module of an app asks for it

    def ready(self) -> None:
        from rest.database import guard_connection  # needs the app registry

        connection_created.connect(guard_connection, dispatch_uid="rest.database")
