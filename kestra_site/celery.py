"""The Celery app: `celery -A kestra_site.celery` and every `tasks.py` find it."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")

app = Celery("kestra")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["executions"])


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody answers this signal."""


def queue_of_group(group: str) -> str:
    """A worker group is a queue; without a group it is the default one."""
    return f"kestra.{group}" if group else "kestra"
