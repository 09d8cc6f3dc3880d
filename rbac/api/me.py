"""Views of the current user: himself, his password, his API tokens."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Forbidden, Invalid, NotFound, Violation
from rbac.api.serializers import (
    ApiTokenInput,
    PasswordChangeInput,
    ProfileInput,
    me_shape,
    token_list_shape,
)
from rbac.models import ApiToken, User
from rbac.passwords import checked_pairs
from rbac.queries import tenants_of, user_of
from rbac.services import create_api_token, revoke_api_token, set_password
from rbac.services.users import update_profile
from rest.gate import identity_of
from rest.permissions import SIGNED_IN
from rest.views import ApiView


class _OwnView(ApiView):
    resource = SIGNED_IN

    def own_user(self) -> User:
        return user_of(identity_of(self.request))

    def refuse_restricted(self) -> None:
        if identity_of(self.request).is_restricted:
            raise Forbidden("this account is restricted: it cannot change itself")


class MeView(_OwnView):
    operation_ids = {"get": "getCurrentUser", "patch": "patchCurrentUser"}
    request_shapes = {"patch": ProfileInput}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(me_shape(self.own_user(), tenants_of(self.actor)))

    def patch(self, request: Request, **_: Any) -> Response:
        self.refuse_restricted()
        given = self.read(ProfileInput)
        user = update_profile(
            actor=self.actor,
            user=self.own_user(),
            first_name=given.get("firstName"),
            last_name=given.get("lastName"),
        )
        return Response(me_shape(user, tenants_of(self.actor)))


class MyPasswordView(_OwnView):
    operation_ids = {"put": "updateCurrentUserPassword"}
    request_shapes = {"put": PasswordChangeInput}

    def put(self, request: Request, **_: Any) -> Response:
        self.refuse_restricted()
        given, user = self.read(PasswordChangeInput), self.own_user()
        if not checked_pairs.is_right(user, given["oldPassword"]):
            raise Invalid(violations=[Violation("is not the present password", "oldPassword")])
        set_password(actor=self.actor, user=user, password=given["newPassword"])
        return Response({})


class MyApiTokensView(_OwnView):
    operation_ids = {"get": "listApiTokensForCurrentUser", "post": "createApiTokenForCurrentUser"}
    request_shapes = {"post": ApiTokenInput}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(token_list_shape(list(self.own_user().api_tokens.all())))

    def post(self, request: Request, **_: Any) -> Response:
        self.refuse_restricted()
        given = self.read(ApiTokenInput)
        token, full = create_api_token(
            actor=self.actor,
            user=self.own_user(),
            name=given["name"],
            description=given.get("description") or "",
            max_age=given.get("maxAge"),
            is_extended=given["extended"],
        )
        answer = {"id": token.public_id, "name": token.name, "fullToken": full}
        return Response(answer, status=201)


class MyApiTokenView(_OwnView):
    operation_ids = {"delete": "deleteApiTokenForCurrentUser"}

    def delete(self, request: Request, token: str, **_: Any) -> Response:
        found = ApiToken.objects.filter(user=self.own_user(), public_id=token).first()
        if found is None:
            raise NotFound(f"API token '{token}' does not exist")
        revoke_api_token(actor=self.actor, token=found)
        return Response(status=204)
