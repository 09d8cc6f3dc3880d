"""Django's `migrate`, as the tables' owner."""

from typing import Any

from django.core.management.commands import migrate

from rest.database import engine_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with engine_role():
            super().handle(*args, **options)
