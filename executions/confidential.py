"""Values of SECRET inputs at rest: encrypted with the instance's key, each beginning with the id of
the key that it was encrypted with, in a map that no text of a user can be taken for."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from common.errors import Locked, Misconfigured
from expressions.masking import MASK

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TYPE = "io.kestra.datatype:aes_encrypted"
_PURPOSE = b"execution values"
_NONCE = 12


def encrypt_value(text: str) -> dict[str, str]:
    """What the execution keeps. Raises Misconfigured without a key."""
    keys = settings.KESTRA_ENCRYPTION_KEYS
    if not keys:
        raise Misconfigured(
            "no encryption key is configured, so a SECRET input cannot be kept: set "
            "KESTRA_ENCRYPTION_SECRET_KEY"
        )
    key_id, cipher = _cipher(keys[0])
    nonce = os.urandom(_NONCE)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), _PURPOSE)
    return {"type": TYPE, "value": f"{key_id}:{base64.b64encode(sealed).decode()}"}


def is_encrypted(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("type") == TYPE and "value" in value


def decrypt_value(value: Mapping[str, Any]) -> str:
    """Raises Locked where the key is gone or the value was changed."""
    from cryptography.exceptions import InvalidTag  # at first use: it costs start-up time

    key_id, _, text = str(value["value"]).partition(":")
    for key in settings.KESTRA_ENCRYPTION_KEYS:
        known, cipher = _cipher(key)
        if known != key_id:
            continue
        try:
            sealed = base64.b64decode(text, validate=True)
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _PURPOSE).decode()
        except (InvalidTag, ValueError) as error:
            raise Locked("an encrypted value cannot be read: it was changed") from error
    raise Locked(
        f"an encrypted value cannot be read: the key {key_id[:16]} is not among the configured ones"
    )


def reveal_encrypted(value: Any) -> Any:
    """The same value, with what is encrypted inside it in plain text. For the engine only."""
    if is_encrypted(value):
        return decrypt_value(value)
    if isinstance(value, Mapping):
        return {key: reveal_encrypted(item) for key, item in value.items()}
    return value


def encrypted_texts(value: Any) -> list[str]:
    """Everything that is encrypted inside the value, in plain text: what a masker must hide."""
    if is_encrypted(value):
        return [decrypt_value(value)]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in encrypted_texts(item)]
    return []


def hide_encrypted(value: Any) -> Any:
    """The same value, with a mask in place of what is encrypted inside it. For answers."""
    if is_encrypted(value):
        return MASK
    if isinstance(value, Mapping):
        return {key: hide_encrypted(item) for key, item in value.items()}
    return value


@cache
def _cipher(key: bytes) -> tuple[str, AESGCM]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    own = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key)
    return hashlib.sha256(own).hexdigest()[:8], AESGCM(own)
