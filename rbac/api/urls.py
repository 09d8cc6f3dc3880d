"""Routes of this app: at the root, below `/api/v1/`, and below `/api/v1/{tenant}/`."""

from django.urls import path

from rbac.api import described
from rbac.api.acls import PermissionsView, TemplatesView
from rbac.api.me import MeView, MyApiTokensView, MyApiTokenView, MyPasswordView
from rbac.api.sign_in import LoginView, LogoutView, PasswordRuleView, SetupView, WaysView
from rest.openapi import older
from rest.shapes import describe

describe(described.OPERATIONS)

root_urls = [
    path("login", older(LoginView)),
    path("logout", older(LogoutView)),
]
instance_urls = [
    path("auths", WaysView.as_view()),
    path("login", LoginView.as_view()),
    path("logout", LogoutView.as_view()),
    path("validate-password", PasswordRuleView.as_view()),
    path("setup", SetupView.as_view()),
    path("me", MeView.as_view()),
    path("me/password", MyPasswordView.as_view()),
    path("me/api-tokens", MyApiTokensView.as_view()),
    path("me/api-tokens/<str:token>", MyApiTokenView.as_view()),
]
tenant_urls = [
    path("acls/permissions", PermissionsView.as_view()),
    path("acls/templates", TemplatesView.as_view()),
]
