"""Django's `flush`, as the tables' owner: only he may truncate."""

from typing import Any

from django.core.management.commands import flush

from rest.database import engine_role


class Command(flush.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with engine_role():
            super().handle(*args, **options)
