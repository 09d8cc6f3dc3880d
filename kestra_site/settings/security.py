"""Keys, hosts, cookies and request limits."""

from kestra_site.config import current_configuration
from kestra_site.encryption import derive_key, encryption_key, key_bytes
from rest.defaults import REST_MIDDLEWARE

_configuration = current_configuration()
_key = encryption_key(_configuration)
_previous = [key.get_secret_value() for key in _configuration.kestra.encryption.previous_keys]

SECRET_KEY = derive_key(_key, "django") if _key else ""
_cookie_secret = _configuration.cookie_signing_secret or _key
KESTRA_COOKIE_KEY = derive_key(_cookie_secret, "cookies") if _cookie_secret else ""
KESTRA_ENCRYPTION_KEYS = [key_bytes(key) for key in (_key, *_previous) if key]
"""The first encrypts; all of them decrypt."""

DEBUG = False
ALLOWED_HOSTS = ["*"]  # behind whatever name a proxy gives it; links are made from KESTRA_URL
USE_X_FORWARDED_HOST = False
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = KESTRA_COOKIES_SECURE = _configuration.public_url.startswith("https://")
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # bodies are bounded by the server and by each endpoint
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

MIDDLEWARE: list[str] = ["ui.middleware.SecurityHeaders", *REST_MIDDLEWARE]
