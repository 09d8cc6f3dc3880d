"""Signing in and out with a session."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor, ActorKind
from common.clock import now
from common.errors import Unauthorized
from rbac import authentication
from rbac.models import Session, User
from rbac.tokens import sign_session

DEFAULT_LIFETIME = timedelta(days=2)
_LONGEST_TOLD = 254
_ENDED_KEPT = timedelta(days=7)
_PURGED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session, and the token for its cookie."""

    user: User
    token: str = field(repr=False)
    expires: datetime


def login(*, username: str, password: str, ip_address: str = "", user_agent: str = "") -> SignedIn:
    """Raises Unauthorized, after writing down the attempt."""
    user = authentication.check_pair(username, password) if "\x00" not in username else None
    if user is None:
        record_failure(username, ip_address)
        raise Unauthorized("wrong user name or password")
    return open_session(user=user, ip_address=ip_address, user_agent=user_agent)


@transaction.atomic
def open_session(
    *, user: User, ip_address: str = "", user_agent: str = "", means: str = ""
) -> SignedIn:
    """For whoever was found to be that user: by password, single sign-on, one-time link. `means`
    is what the audit log says about it, if it was no password."""
    moment = now()
    lifetime: timedelta = getattr(settings, "KESTRA_SESSION_LIFETIME", DEFAULT_LIFETIME)
    session = Session.objects.create(
        user=user,
        created=moment,
        expires=moment + lifetime,
        ip_address=ip_address[:64],
        user_agent=user_agent[:300].replace("\x00", ""),
    )
    user.last_login = moment
    user.save(update_fields=["last_login"])
    record(
        actor=authentication.identity_of_user(user, ip_address=ip_address).actor,
        type=AuditType.LOGIN,
        resource="USER",
        detail={
            "id": user.public_id,
            "username": user.username,
            **({"means": means} if means else {}),
        },
    )
    token = sign_session(session.public_id, user.public_id, session.expires)
    return SignedIn(user, token, session.expires)


@transaction.atomic
def logout(*, actor: Actor, session_id: str) -> None:
    """Nothing happens if the session is over already."""
    if not Session.objects.living().filter(public_id=session_id).update(revoked=now()):
        return
    transaction.on_commit(authentication.recent.forget)
    record(
        actor=actor,
        type=AuditType.LOGOUT,
        resource="USER",
        detail={"id": actor.id, "username": actor.name},
    )


@transaction.atomic
def revoke_sessions(*, actor: Actor, user: User) -> int:
    """Ends all sessions of a user; how many there were."""
    count = Session.objects.living().filter(user=user).update(revoked=now())
    transaction.on_commit(authentication.recent.forget)
    record(
        actor=actor,
        type=AuditType.LOGOUT,
        resource="USER",
        detail={"id": user.public_id, "username": user.username, "sessions": count},
    )
    return count


@transaction.atomic
def purge_ended_sessions() -> int:
    """Removes sessions that ran out some time ago, a bounded number at once; the number removed.
    Housekeeping: repeat until it gives 0. The audit log keeps who signed in and out."""
    ended = Session.objects.filter(expires__lt=now() - _ENDED_KEPT)
    doomed = list(ended.order_by().values_list("pk", flat=True)[:_PURGED_AT_ONCE])
    Session.objects.filter(pk__in=doomed).delete()
    return len(doomed)


@transaction.atomic
def record_failure(username: str, ip_address: str) -> None:
    """That somebody tried to sign in as that user, and was refused."""
    told = username.replace("\x00", "")[:_LONGEST_TOLD]
    record(
        actor=Actor(ActorKind.ANONYMOUS, name=told, ip_address=ip_address),
        type=AuditType.LOGIN_FAILURE,
        resource="USER",
        detail={"username": told},
    )
