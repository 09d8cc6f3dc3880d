"""Writing API tokens."""

import re
from datetime import timedelta

from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from common.clock import now
from common.errors import Invalid, Violation
from rbac import authentication
from rbac.models import ApiToken, User
from rbac.services.users import audit_resource
from rbac.tokens import make_api_token

_NAME = re.compile(r"(?=.{1,63}$)[a-z0-9]+(?:-[a-z0-9]+)*")


@transaction.atomic
def create_api_token(
    *,
    actor: Actor,
    user: User,
    name: str,
    description: str = "",
    max_age: timedelta | None = None,
    is_extended: bool = False,
) -> tuple[ApiToken, str]:
    """The token's row, and its full text, which nobody can read again."""
    _check(name, max_age)
    fresh = make_api_token()
    moment = now()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        description=description,
        prefix=fresh.prefix,
        salt=fresh.salt,
        hash=fresh.hash,
        issued=moment,
        max_age=max_age,
        expires=moment + max_age if max_age is not None else None,
        is_extended=is_extended,
    )
    _record(actor, AuditType.CREATE, token)
    return token, fresh.full


@transaction.atomic
def revoke_api_token(*, actor: Actor, token: ApiToken) -> None:
    _record(actor, AuditType.DELETE, token)
    token.delete()
    transaction.on_commit(authentication.recent.forget)


def _check(name: str, max_age: timedelta | None) -> None:
    violations = []
    if not _NAME.fullmatch(name):
        rule = "must be 1 to 63 lower-case letters, digits and single dashes between them"
        violations.append(Violation(rule, "name"))
    if max_age is not None and not timedelta(0) < max_age < timedelta(days=36_500):
        violations.append(Violation("must be longer than nothing, up to 100 years", "maxAge"))
    if violations:
        raise Invalid(violations=violations)


def _record(actor: Actor, type: AuditType, token: ApiToken) -> None:  # noqa: A002  # the API's word
    record(
        actor=actor,
        type=type,
        resource=audit_resource(token.user),
        detail={
            "id": token.user.public_id,
            "apiTokenId": token.public_id,
            "name": token.name,
            "prefix": token.prefix,
        },
    )
