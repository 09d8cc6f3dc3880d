"""AES-GCM with the flow author's own key: 12 bytes of nonce, ciphertext, 16 bytes of tag."""

import base64
import binascii
import os
from typing import Any

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.signatures import define_function

_NONCE = 12
_TAG = 16


def _cipher(key: Any) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = _decoded(need_string(key, "the key"), "the key")
    if len(data) not in (16, 24, 32):
        fail("the key must be 16, 24 or 32 bytes in base 64")
    return AESGCM(data)


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return fail(f"{what} is not base 64")


def encrypt(context: RenderContext, key: Any, plaintext: Any) -> str:
    cipher = _cipher(key)
    nonce = os.urandom(_NONCE)
    sealed = cipher.encrypt(nonce, need_string(plaintext, "the plaintext").encode(), None)
    return base64.b64encode(nonce + sealed).decode()


def decrypt(context: RenderContext, key: Any, encrypted: Any) -> str:
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(key)
    data = _decoded(need_string(encrypted, "the encrypted text"), "the encrypted text")
    if len(data) < _NONCE + _TAG:
        fail("the encrypted text is too short")
    try:
        opened: bytes = cipher.decrypt(data[:_NONCE], data[_NONCE:], None)
    except InvalidTag:
        fail("the encrypted text was changed, or the key is another one")
    return opened.decode(errors="replace")


FUNCTIONS = (
    define_function("encrypt", encrypt, "key! plaintext!"),
    define_function("decrypt", decrypt, "key! encrypted!"),
)
