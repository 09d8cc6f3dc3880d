"""The instance's encryption key: where it comes from, and the keys derived from it."""

import base64
import binascii
import hmac
import os

from common.errors import Misconfigured
from kestra_site.config import Configuration

KEY_FILE = "encryption.key"
MINIMUM_BYTES = 32
HOW_TO_MAKE_ONE = (
    "no encryption key: set kestra.encryption.secret-key or KESTRA_ENCRYPTION_SECRET_KEY;"
    " `openssl rand -base64 32` makes one. Keep it: what it encrypted is lost without it"
)


def encryption_key(configuration: Configuration) -> str:
    """The configured key, else the one in the data folder, else an empty text."""
    configured = configuration.kestra.encryption.secret_key.get_secret_value().strip()
    if configured:
        key_bytes(configured)
        return configured
    file = configuration.kestra.data_dir / KEY_FILE
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Misconfigured(
            f"the encryption key {file} cannot be read: {error.strerror}"
        ) from error


def require_encryption_key(configuration: Configuration) -> None:
    """Raises Misconfigured with the command that makes a key."""
    if not encryption_key(configuration):
        raise Misconfigured(HOW_TO_MAKE_ONE)


def ensure_key_file(configuration: Configuration) -> None:
    """Makes a key in the data folder, readable by its owner only, unless there is one."""
    if encryption_key(configuration):
        return
    file = configuration.kestra.data_dir / KEY_FILE
    key = base64.b64encode(os.urandom(MINIMUM_BYTES))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key + b"\n")


def key_bytes(key: str) -> bytes:
    """Base64 of 32 bytes or more; a plain text of at least that length counts as it is."""
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) < MINIMUM_BYTES:
        raw = key.encode()
    if len(raw) < MINIMUM_BYTES:
        raise Misconfigured(
            "kestra.encryption.secret-key is too short: expected 32 bytes in base64,"
            " such as `openssl rand -base64 32` prints"
        )
    return raw


def derive_key(key: str, label: str) -> str:
    """A key of its own for each label, as hexadecimal text: HKDF (RFC 5869) with SHA-256, no salt
    and a single block. Every process needs it at its start, and `cryptography` costs 6 MB."""
    extracted = hmac.digest(bytes(32), key_bytes(key), "sha256")
    return hmac.digest(extracted, label.encode() + b"\x01", "sha256").hex()
