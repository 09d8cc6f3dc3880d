"""Templates, static files and the front end's manifest."""

from typing import Any

from kestra_site import paths
from kestra_site.settings.apps import INSTALLED_APPS

_has_pages = "ui" in INSTALLED_APPS

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [paths.TEMPLATES],
        "APP_DIRS": _has_pages,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [paths.STATIC]
STATICFILES_STORAGE_BACKEND = "whitenoise.storage.CompressedStaticFilesStorage"
WHITENOISE_ROOT = None
WHITENOISE_USE_FINDERS = True
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "ui",
        "manifest_path": paths.VITE_MANIFEST,
    }
}
