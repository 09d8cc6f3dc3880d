"""Input and output shapes of this app's API."""

from typing import Any

from rest_framework import serializers

from common.clock import to_iso
from rbac.models import ApiToken, User
from rest.paths import TENANT_ID
from rest.rendering import compact
from rest.serializers import IsoDurationField


class CredentialsInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False)


class TenantInput(serializers.Serializer[Any]):
    id = serializers.RegexField(rf"^{TENANT_ID.pattern}$", max_length=100)
    name = serializers.CharField(max_length=250, required=False, allow_blank=True)


class SetupInput(CredentialsInput):
    tenant = TenantInput(required=False, allow_null=True)


class ApiTokenInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=63)
    description = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=10_000
    )
    maxAge = IsoDurationField(required=False, allow_null=True)  # noqa: N815  # the API's word
    extended = serializers.BooleanField(required=False, default=False)


class ProfileInput(serializers.Serializer[Any]):
    firstName = serializers.CharField(  # noqa: N815  # the API's word
        required=False, allow_blank=True, max_length=150
    )
    lastName = serializers.CharField(  # noqa: N815  # the API's word
        required=False, allow_blank=True, max_length=150
    )


class PasswordChangeInput(serializers.Serializer[Any]):
    oldPassword = serializers.CharField(  # noqa: N815  # the API's word
        max_length=1_000, trim_whitespace=False
    )
    newPassword = serializers.CharField(  # noqa: N815  # the API's word
        max_length=1_000, trim_whitespace=False
    )


def user_shape(user: User, tenants: dict[str, str]) -> dict[str, Any]:
    return compact(
        {
            "id": user.public_id,
            "type": user.type,
            "username": user.display_name if user.is_service_account else user.username,
            "email": None if user.is_service_account else user.username,
            "name": user.name or None,
            "description": user.description or None,
            "firstName": user.first_name or None,
            "lastName": user.last_name or None,
            "displayName": user.display_name,
            "tenants": tenants_shape(tenants),
            "auths": auths_shape(user),
            "groups": [],
            "superAdmin": user.is_super_admin,
            "instanceOwner": user.is_super_admin,
            "restricted": user.is_restricted,
        }
    )


def me_shape(user: User, tenants: dict[str, str]) -> dict[str, Any]:
    """The current user as both lines read it: `profile` and the same fields flat."""
    shape = user_shape(user, tenants)
    profile = {name: shape[name] for name in _PROFILE if name in shape}
    return {**shape, "profile": profile}


def token_shape(token: ApiToken) -> dict[str, Any]:
    return compact(
        {
            "id": token.public_id,
            "name": token.name,
            "description": token.description,
            "prefix": token.prefix,
            "iat": to_iso(token.issued),
            "exp": to_iso(token.expires) if token.expires else None,
            "lastUsed": to_iso(token.last_used) if token.last_used else None,
            "extended": token.is_extended,
            "expired": token.is_expired,
        }
    )


def token_list_shape(tokens: list[ApiToken]) -> dict[str, Any]:
    return {"results": [token_shape(token) for token in tokens], "total": len(tokens)}


def tenants_shape(tenants: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": tenant, "name": name} for tenant, name in tenants.items()]


def auths_shape(user: User) -> list[dict[str, str]]:
    if user.is_service_account or not user.has_usable_password():
        return []
    return [{"id": user.public_id, "name": user.username, "type": "BASIC_AUTH"}]


_PROFILE = ("email", "firstName", "lastName", "username")
