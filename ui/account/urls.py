"""Addresses of this area."""

from django.urls import path

from ui.account.own import change_password, show_settings
from ui.account.views import set_up, sign_in, sign_in_by_link, sign_out

root_urls = [
    path("login", sign_in),
    path("login/link/<str:token>", sign_in_by_link),
    path("logout", sign_out),
    path("setup", set_up),
]
tenant_urls = [
    path("settings", show_settings),
    path("settings/password", change_password),
]
