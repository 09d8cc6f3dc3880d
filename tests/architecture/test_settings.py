"""What the site as a whole must have set."""

from django.conf import settings


def test_every_app_is_installed_once() -> None:
    assert len(settings.INSTALLED_APPS) == len(set(settings.INSTALLED_APPS))


def test_keys_are_derived_and_different() -> None:
    assert settings.SECRET_KEY
    assert settings.KESTRA_COOKIE_KEY
    assert settings.SECRET_KEY != settings.KESTRA_COOKIE_KEY


def test_admin_is_not_installed() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_celery_keeps_no_results_and_sends_no_events() -> None:
    assert settings.CELERY_RESULT_BACKEND is None
    assert settings.CELERY_TASK_IGNORE_RESULT
    assert not settings.CELERY_WORKER_SEND_TASK_EVENTS
    assert not settings.CELERY_TASK_ACKS_LATE
