"""What the OpenAPI document says of sign-in, the current user and his tokens."""

from rest.shapes import (
    ANY_OBJECT,
    FLAG,
    INSTANT,
    NO_BODY,
    TEXT,
    WHOLE,
    Said,
    component,
    many,
    map_of,
    obj,
)

PASSWORD_RULE = component(
    "PasswordConfiguration",
    obj(
        passwordMinLength=WHOLE,
        passwordRequireSpecial=FLAG,
        passwordMinDigits=WHOLE,
        passwordMinLowerCase=WHOLE,
        passwordMinUpperCase=WHOLE,
        passwordAllowedSpecialCharacters=TEXT,
    ),
)
_USER = {
    "id": TEXT,
    "type": TEXT,
    "username": TEXT,
    "email": TEXT,
    "name": TEXT,
    "description": TEXT,
    "firstName": TEXT,
    "lastName": TEXT,
    "displayName": TEXT,
    "tenants": many(obj("id", "name", id=TEXT, name=TEXT)),
    "auths": many(obj(id=TEXT, name=TEXT, type=TEXT)),
    "groups": many(ANY_OBJECT),
    "superAdmin": FLAG,
    "instanceOwner": FLAG,
    "restricted": FLAG,
}
USER = component("User", obj("id", "username", **_USER))
ME = component("Me", obj("id", "username", **_USER, profile=ANY_OBJECT))
TOKEN = component(
    "ApiToken",
    obj(
        "id",
        "name",
        "description",
        "prefix",
        "iat",
        id=TEXT,
        name=TEXT,
        description=TEXT,
        prefix=TEXT,
        iat=INSTANT,
        exp=INSTANT,
        lastUsed=INSTANT,
        extended=FLAG,
        expired=FLAG,
    ),
)

OPERATIONS = {
    "setupConfiguration": Said(
        obj(
            "done",
            done=FLAG,
            repositoryType=TEXT,
            queueType=TEXT,
            storageType=TEXT,
            secretType=TEXT,
            passwordConfiguration=PASSWORD_RULE,
            haveAuthNotBasic=FLAG,
        )
    ),
    "setupKestra": Said(USER),
    "index": Said(obj(loginPassword=FLAG, mailsEnabled=FLAG, passwordless=FLAG, oauths=many(TEXT))),
    "validatePassword": Said(None, 204, body=TEXT),
    "getCurrentUser": Said(ME),
    "patchCurrentUser": Said(ME),
    "listApiTokensForCurrentUser": Said(obj("results", "total", results=many(TOKEN), total=WHOLE)),
    "createApiTokenForCurrentUser": Said(
        obj("id", "name", "fullToken", id=TEXT, name=TEXT, fullToken=TEXT), 201
    ),
    "deleteApiTokenForCurrentUser": Said(None, 204),
    "logout": Said(ANY_OBJECT, body=NO_BODY),
    "listPermissions": Said(map_of(many(TEXT))),
}
