"""Making and reading tokens: opaque API tokens, and the signed token of the session cookie."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from common.errors import Misconfigured

API_TOKEN_MARK = "kst_"  # noqa: S105  # so that scanners of leaked secrets know ours
_PREFIX_LENGTH = len(API_TOKEN_MARK) + 8
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LENGTH = 48
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class FreshToken:
    """An API token at the only moment when it is known whole."""

    full: str = field(repr=False)
    prefix: str
    salt: str = field(repr=False)
    hash: str = field(repr=False)


def make_api_token() -> FreshToken:
    full = API_TOKEN_MARK + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    salt = secrets.token_hex(16)
    return FreshToken(full, prefix_of(full), salt, hash_token(full, salt))


def prefix_of(token: str) -> str:
    return token[:_PREFIX_LENGTH]


def hash_token(token: str, salt: str) -> str:
    return hashlib.sha512((salt + token).encode()).hexdigest()


def is_token(token: str, *, salt: str, hashed: str) -> bool:
    return hmac.compare_digest(hash_token(token, salt), hashed)


def sign_session(session_id: str, user_id: str, expires: datetime) -> str:
    import jwt  # at first use: it loads half of the library for keys that we do not use

    claims = {"sid": session_id, "sub": user_id, "exp": expires}
    return jwt.encode(claims, _key(), algorithm=_ALGORITHM)


def session_id_of(token: str) -> str:
    """Empty for a token that is not ours, or past its end."""
    import jwt

    try:
        claims = jwt.decode(
            token, _key(), algorithms=[_ALGORITHM], options={"require": ["sid", "sub", "exp"]}
        )
    except jwt.PyJWTError:
        return ""
    return str(claims["sid"])


def _key() -> str:
    key: str = settings.KESTRA_COOKIE_KEY
    if not key:
        raise Misconfigured("no key to sign cookies with: set kestra.encryption.secret-key")
    return key
