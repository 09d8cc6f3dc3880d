"""The Django app of the frame: guards each database connection, owns no table."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RestConfig(AppConfig):
    name = "rest"
    label = "rest"

    def ready(self) -> None:
        from rest.database import guard_connection  # needs the app registry

        connection_created.connect(guard_connection, dispatch_uid="rest.database")
