"""Django's settings (bootstrap; to be cut by concern and read from kestra_site/config.py)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

BASE = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = "bootstrap-only"
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "kestra_site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "rbac.User"
APPEND_SLASH = False
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "guardian",
    "django_celery_beat",
    "rest",
    "audit",
    "tenants",
    "rbac",
    "kestra_secrets",
    "flows",
    "executions",
]
MIDDLEWARE = []
url = urlsplit(os.environ.get("DATABASE_URL", ""))
if url.scheme.startswith("postgres"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": url.username,
            "PASSWORD": url.password or "",
            "HOST": url.hostname,
            "PORT": url.port or 5432,
        }
    }
else:
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE / "data" / "db.sqlite3"}
    }
