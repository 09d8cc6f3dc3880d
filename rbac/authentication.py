"""From credentials to an identity. Plain functions for REST views, async endpoints and sockets."""

import hashlib
import hmac
import os
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from common.actor import Actor, ActorKind
from common.clock import now
from common.errors import Unauthorized
from rbac import rights
from rbac.models import ApiToken, Session, User
from rbac.passwords import checked_pairs, spend_a_check
from rbac.tokens import API_TOKEN_MARK, is_token, prefix_of, session_id_of
from rest.identity import NOBODY, Credentials, Identity, Scheme

_USE_NOTED_EVERY = timedelta(minutes=1)
_REMEMBERED_SECONDS = 2.0
_MAXIMUM_REMEMBERED = 5_000


def identify(credentials: Credentials) -> Identity:
    """NOBODY without credentials. Raises Unauthorized for wrong ones, without saying which part."""
    if credentials.scheme is Scheme.NONE:
        return NOBODY
    if credentials.scheme is Scheme.BASIC:
        identity = _by_password(credentials)
    elif credentials.secret.startswith(API_TOKEN_MARK):
        identity = _by_api_token(credentials)
    else:
        identity = _by_session(credentials)
    recent.keep(credentials, identity)
    return identity


def identity_of_user(user: User, *, ip_address: str = "", token_id: str = "") -> Identity:
    kind = ActorKind.SERVICE_ACCOUNT if user.is_service_account else ActorKind.USER
    actor = Actor(
        kind,
        id=user.public_id,
        name=user.name or user.username,
        ip_address=ip_address,
        token_id=token_id,
        is_super_admin=user.is_super_admin,
    )
    rights.cache.note_version(user.public_id, user.rights_version)
    return Identity(actor, account=user.pk, is_restricted=user.is_restricted)


def check_pair(username: str, password: str) -> User | None:
    """The active user of that name and password."""
    user = User.objects.filter(username=username.strip().casefold(), is_active=True).first()
    if user is None or user.is_service_account or "\x00" in password:
        spend_a_check(password)
        return None
    return user if checked_pairs.is_right(user, password) else None


def _by_password(credentials: Credentials) -> Identity:
    username, _, password = credentials.secret.partition(":")
    user = None if "\x00" in username else check_pair(username, password)
    if user is None:
        raise Unauthorized
    return identity_of_user(user, ip_address=credentials.ip_address)


def _by_session(credentials: Credentials) -> Identity:
    session_id = session_id_of(credentials.secret)
    found = Session.objects.living().select_related("user").filter(public_id=session_id)
    session = found.first() if session_id else None
    if session is None or not session.user.is_active:
        raise Unauthorized
    identity = identity_of_user(session.user, ip_address=credentials.ip_address)
    return replace(identity, session_id=session.public_id)


def _by_api_token(credentials: Credentials) -> Identity:
    secret = credentials.secret
    candidates = ApiToken.objects.select_related("user").filter(prefix=prefix_of(secret))
    for token in candidates if "\x00" not in secret else ():
        if is_token(secret, salt=token.salt, hashed=token.hash):
            if token.is_expired or not token.user.is_active:
                break
            _note_use(token)
            return identity_of_user(
                token.user, ip_address=credentials.ip_address, token_id=token.public_id
            )
    raise Unauthorized


def _note_use(token: ApiToken) -> None:
    """At most once a minute; also moves the end of an extended token."""
    moment = now()
    if token.last_used is not None and moment - token.last_used < _USE_NOTED_EVERY:
        return
    changes: dict[str, object] = {"last_used": moment}
    if token.is_extended and token.max_age is not None:
        changes["expires"] = moment + token.max_age
    unnoted = Q(last_used=None) | Q(last_used__lt=moment - _USE_NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(**changes)


class RecentIdentities:
    """Who was found to be whom within the last two seconds, for the hot endpoints. Keys are keyed
    hashes of the secrets."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._found: OrderedDict[bytes, tuple[Identity, float]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, credentials: Credentials) -> Identity | None:
        with self._lock:
            identity, until = self._found.get(self._digest(credentials), (None, 0.0))
        if identity is None or time.monotonic() > until:
            return None
        actor = replace(identity.actor, ip_address=credentials.ip_address)
        return replace(identity, actor=actor)

    def keep(self, credentials: Credentials, identity: Identity) -> None:
        with self._lock:
            until = time.monotonic() + _REMEMBERED_SECONDS
            self._found[self._digest(credentials)] = (identity, until)
            while len(self._found) > _MAXIMUM_REMEMBERED:
                self._found.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._found.clear()

    def _digest(self, credentials: Credentials) -> bytes:
        message = f"{credentials.scheme}:{credentials.secret}".encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()


recent = RecentIdentities()
