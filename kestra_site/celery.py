"""The Celery app: `celery -A kestra_site.celery` and every `tasks.py` find it."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")


class _Amqp(AMQP):
    def TaskConsumer(self, *arguments: Any, **options: Any) -> Any:  # noqa: N802  # Celery's name
        """Messages are taken, not borrowed: to write each down until it is acknowledged costs the
        broker two calls, and what a lost worker held is sent again as it was not claimed."""
        return super().TaskConsumer(*arguments, no_ack=True, **options)


def make_app() -> Celery:
    """Another app with the same settings and tasks. An app knows one choice of queues."""
    # Without the fix-up for Django: our one task touches no database, and checks come with servers.
    made = Celery("kestra", fixups=[], amqp=_Amqp)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks(["executions"])
    return made


app = make_app()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody answers this signal."""
