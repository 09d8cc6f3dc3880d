"""Templates, static files, the front end's manifest, languages. `django_vite` and `django_htmx` are
no installed apps: they are loaded with the first page, not with every server."""

from typing import Any

from kestra_site import paths

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [paths.TEMPLATES],
        "OPTIONS": {
            "libraries": {"django_vite": "django_vite.templatetags.django_vite"},
            "builtins": ["django.templatetags.i18n", "ui.templatetags.pieces"],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
STATIC_URL = "/static/"
KESTRA_STATIC_FOLDER = paths.STATIC
KESTRA_VITE_MANIFEST = paths.VITE_MANIFEST
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "/static/ui",
        "manifest_path": paths.VITE_MANIFEST,
    }
}
USE_I18N = True
LANGUAGES = [("en", "English")]  # more with ui/locale/<language>/LC_MESSAGES/django.mo
