"""The password rule, and checking passwords without doing the slow hash twice."""

import hashlib
import hmac
import os
import threading
import time
from collections import OrderedDict
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from common.errors import Invalid, Violation
from rbac.models import User

_KEPT_SECONDS = 300.0
_MAXIMUM_PAIRS = 1_000


def check_password_rule(password: str) -> None:
    """Raises Invalid with everything that is missing, never with the password."""
    policy = settings.KESTRA_PASSWORD_POLICY
    counted = (
        (len(password), policy.min_length, "characters"),
        (sum(map(str.isdigit, password)), policy.min_digits, "digits"),
        (sum(map(str.islower, password)), policy.min_lower, "lower-case letters"),
        (sum(map(str.isupper, password)), policy.min_upper, "upper-case letters"),
    )
    missing = [f"{least} {what}" for count, least, what in counted if count < least]
    specials = policy.special_characters
    if policy.require_special and not set(password) & set(specials):
        missing.append(f"1 of {specials}")
    if missing:
        raise Invalid(
            violations=[Violation(f"the password needs at least {', '.join(missing)}", "password")]
        )


class CheckedPairs:
    """Pairs of name and password that were right moments ago, by keyed hash. An entry holds only
    for the stored hash it was checked against, so a changed password drops it everywhere."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._pairs: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def is_right(self, user: User, password: str) -> bool:
        digest = self._digest(user, password)
        with self._lock:
            encoded, until = self._pairs.get(digest, ("", 0.0))
        if encoded == user.password and time.monotonic() < until:
            return True
        if not user.check_password(password):
            return False
        with self._lock:
            self._pairs[digest] = (user.password, time.monotonic() + _KEPT_SECONDS)
            while len(self._pairs) > _MAXIMUM_PAIRS:
                self._pairs.popitem(last=False)
        return True

    def forget(self) -> None:
        with self._lock:
            self._pairs.clear()

    def _digest(self, user: User, password: str) -> bytes:
        message = f"{user.pk}\x00{user.rights_version}\x00{password}".encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()


checked_pairs = CheckedPairs()


def spend_a_check(password: str) -> None:
    """As much time as a known user would have cost."""
    check_password(password, _nobodys_hash())


@cache
def _nobodys_hash() -> str:
    return make_password(os.urandom(16).hex())
