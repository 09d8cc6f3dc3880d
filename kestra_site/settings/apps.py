"""Which apps the site is made of, in the order of the arrows."""

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
    "ui",
]

ROOT_URLCONF = "kestra_site.urls"
ASGI_APPLICATION = "kestra_site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
