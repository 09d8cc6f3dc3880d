"""Which apps the site is made of, in the order of the arrows."""

from importlib.util import find_spec

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "guardian",
    "rest",
    "audit",
    "tenants",
    "rbac",
    "kestra_secrets",
    "flows",
    "executions",
]
if find_spec("ui.apps"):
    INSTALLED_APPS += ["django.contrib.staticfiles", "django_vite", "django_htmx", "ui"]

ROOT_URLCONF = "kestra_site.urls"
ASGI_APPLICATION = "kestra_site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
