"""Routes of this app: at the root, below `/api/v1/`, and below `/api/v1/{tenant}/`."""

from django.urls import path

from rbac.api.acls import PermissionsView, TemplatesView
from rbac.api.me import MeView, MyApiTokensView, MyApiTokenView, MyPasswordView
from rbac.api.sign_in import LoginView, LogoutView, SetupView

root_urls = [
    path("login", LoginView.as_view(operation_ids={"post": "login_1"})),
    path("logout", LogoutView.as_view(operation_ids={"post": "logout_1"})),
]
instance_urls = [
    path("login", LoginView.as_view()),
    path("logout", LogoutView.as_view()),
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
