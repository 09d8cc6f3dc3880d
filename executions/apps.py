"""The Django app of executions: the engine's tables, its services and its API."""

from django.apps import AppConfig


class ExecutionsConfig(AppConfig):
    name = "executions"
    label = "executions"
