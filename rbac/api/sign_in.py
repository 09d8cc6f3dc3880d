"""Views of signing in and out, and of the first start."""

from typing import Any

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Unauthorized
from common.tenancy import DEFAULT_TENANT
from rbac.api.serializers import CredentialsInput, SetupInput, user_shape
from rbac.models import User
from rbac.passwords import check_password_rule
from rbac.services import SignedIn, create_first_administrator, login, logout
from rbac.services.setup import is_set_up
from rest.csrf import cookies_are_secure
from rest.errors import MethodNotAllowed
from rest.gate import credentials_of, current_gate
from rest.identity import SESSION_COOKIE
from rest.permissions import OPEN
from rest.rendering import TextParser
from rest.views import ApiView


class LoginView(ApiView):
    resource = OPEN
    operation_ids = {"post": "login"}
    request_shapes = {"post": CredentialsInput}

    def post(self, request: Request, **_: Any) -> Response:
        given = self.read(CredentialsInput)
        signed_in = login(
            username=given["username"],
            password=given["password"],
            ip_address=credentials_of(request._request).ip_address,
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
        )
        response = Response({})
        set_session_cookie(response, signed_in)
        return response


class LogoutView(ApiView):
    """Open, so that an old cookie can be dropped as well."""

    resource = OPEN
    operation_ids = {"post": "logout"}

    def post(self, request: Request, **_: Any) -> Response:
        try:
            identity = current_gate().identify(credentials_of(request._request))
        except Unauthorized:
            identity = None
        if identity is not None and identity.session_id:
            logout(actor=identity.actor, session_id=identity.session_id)
        response = Response({})
        response.delete_cookie(SESSION_COOKIE, path="/", samesite="Lax")
        return response


class WaysView(ApiView):
    """How somebody may sign in."""

    resource = OPEN
    operation_ids = {"get": "index"}

    def get(self, request: Request, **_: Any) -> Response:
        ways = {"loginPassword": True, "mailsEnabled": False, "passwordless": False, "oauths": []}
        return Response(ways)


class PasswordRuleView(ApiView):
    """The body is a password as text; 422 says what it lacks, and never repeats it."""

    resource = OPEN
    operation_ids = {"post": "validatePassword"}
    parser_classes = (TextParser,)

    def post(self, request: Request, **_: Any) -> Response:
        check_password_rule(request.data if isinstance(request.data, str) else "")
        return Response(status=204)


class SetupView(ApiView):
    resource = OPEN
    operation_ids = {"get": "setupConfiguration", "post": "setupKestra"}
    request_shapes = {"post": SetupInput}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(
            {
                "done": is_set_up(),
                "repositoryType": connection.vendor,
                "queueType": connection.vendor,
                "storageType": settings.KESTRA_STORAGE["type"],
                "secretType": getattr(settings.KESTRA_SECRET, "type", "") or "jdbc",
                "passwordConfiguration": password_configuration(),
                "haveAuthNotBasic": False,
            }
        )

    def post(self, request: Request, **_: Any) -> Response:
        if is_set_up():
            raise MethodNotAllowed("the set-up is done: there is a user already")
        given = self.read(SetupInput)
        tenant = given.get("tenant") or {"id": DEFAULT_TENANT}
        user = create_first_administrator(
            username=given["username"],
            password=given["password"],
            tenant=tenant["id"],
            tenant_name=tenant.get("name") or tenant["id"],
        )
        return Response(_setup_answer(user, tenant))


def set_session_cookie(response: Any, signed_in: SignedIn) -> None:
    """Also for the pages' own sign-in."""
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        expires=signed_in.expires,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=cookies_are_secure(),
    )


def _setup_answer(user: User, tenant: dict[str, str]) -> dict[str, Any]:
    return user_shape(user, {tenant["id"]: tenant.get("name") or tenant["id"]})


def password_configuration() -> dict[str, Any]:
    """PasswordConfiguration: the rule that new passwords must follow."""
    policy = settings.KESTRA_PASSWORD_POLICY
    return {
        "passwordMinLength": policy.min_length,
        "passwordRequireSpecial": policy.require_special,
        "passwordMinDigits": policy.min_digits,
        "passwordMinLowerCase": policy.min_lower,
        "passwordMinUpperCase": policy.min_upper,
        "passwordAllowedSpecialCharacters": policy.special_characters,
    }
