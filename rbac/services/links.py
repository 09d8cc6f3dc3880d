"""Links that sign in once: printed by a server that starts on somebody's own machine."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from common.clock import now
from common.errors import Unauthorized
from rbac.models import SignInLink, User
from rbac.services.sessions import SignedIn, open_session, record_failure
from rbac.services.setup import create_first_administrator, is_set_up

LIFETIME = timedelta(minutes=15)
LOCAL_ADMINISTRATOR = "admin@localhost"
"""Whom a link makes where there is no user yet. He has no password until he sets one."""
_MEANS = "sign-in link"
_TOKEN_BYTES = 32


@transaction.atomic
def issue_sign_in_link() -> str:
    """The token, at the only moment when it is known. Links of earlier starts are over."""
    SignInLink.objects.all().delete()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    SignInLink.objects.create(hash=_hash(token), expires=now() + LIFETIME)
    return token


def use_sign_in_link(*, token: str, ip_address: str = "", user_agent: str = "") -> SignedIn:
    """Signs in the first administrator, whom it makes where there is no user at all. Raises
    Unauthorized for a link that was used, has run out or never was, after writing it down."""
    signed_in = _use(token, ip_address, user_agent)
    if signed_in is None:
        record_failure(_MEANS, ip_address)
        raise Unauthorized(
            "this sign-in link was used already, or is older than"
            f" {LIFETIME.seconds // 60} minutes; start the server again for a new one"
        )
    return signed_in


@transaction.atomic
def _use(token: str, ip_address: str, user_agent: str) -> SignedIn | None:
    living = SignInLink.objects.filter(hash=_hash(token), expires__gt=now())
    used, _ = living.delete()
    if not used:
        return None
    if not is_set_up():
        create_first_administrator(
            username=LOCAL_ADMINISTRATOR, password=None, enforce_password_rule=False
        )
    user = _administrator()
    if user is None:
        return None
    return open_session(user=user, ip_address=ip_address, user_agent=user_agent, means=_MEANS)


def _administrator() -> User | None:
    """The one whom the set-up made, else the oldest super-admin."""
    able = User.objects.filter(is_superuser=True, is_active=True)
    return able.filter(is_first_administrator=True).first() or able.order_by("pk").first()


def _hash(token: str) -> str:
    """Plain: the token is random and long, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
