"""The Celery app: `celery -A kestra_site.celery` and every `tasks.py` find it."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")


def make_app() -> Celery:
    """Another app with the same settings and tasks. An app knows one choice of queues."""
    # Without the fix-up for Django: our one task touches no database, and checks come with servers.
    made = Celery("kestra", fixups=[])
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks(["executions"])
    return made


app = make_app()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody answers this signal."""
