"""What clients want to know of this server before anything else. Nothing of it is secret."""

import hashlib
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from executions.queries.previews import MAX_ROWS
from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from plugins.registry import installed_registry
from rbac.api.sign_in import password_configuration
from rbac.services.setup import is_set_up
from rest.permissions import OPEN, SIGNED_IN
from rest.views import ApiView
from storage.registry import storage_types

FIRST_ROWS = 100
"""Of a preview, until somebody asks for more."""
SYSTEM_LABELS = "system."


class ConfigurationView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getConfiguration"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(
            {
                "uuid": str(instance_id()),
                "version": product_version(),
                "edition": "EE",
                "url": settings.KESTRA_URL,
                "systemNamespace": settings.KESTRA_SYSTEM_NAMESPACE,
                "hiddenLabelsPrefixes": [SYSTEM_LABELS],
                "preview": {"initial": FIRST_ROWS, "max": MAX_ROWS},
                "chartDefaultDuration": "P30D",
                "passwordConfiguration": password_configuration(),
                "tenants": {"storageByTenant": True},
                "supportedStorages": [
                    {"id": name, "version": product_version()} for name in storage_types()
                ],
                "pluginsHash": plugins_hash(),
                "leftSidebar": settings.KESTRA.kestra.ee.left_sidebar,
                "rightSidebar": settings.KESTRA.kestra.ee.right_sidebar,
                "features": [],
                "killSwitches": [],
                **_switches(),
            }
        )


class LoginConfigurationView(ApiView):
    resource = OPEN
    operation_ids: ClassVar = {"get": "getLoginConfiguration"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response({"isBasicAuthInitialized": is_set_up()})


class LicenceView(ApiView):
    """There is nothing to buy, nothing that ends, and nobody who is asked."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "licenseInfo"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(
            {
                "type": "Apache-2.0",
                "expired": False,
                "standalone": True,
                "workerGroups": True,
                "online": False,
            }
        )


class FiltersView(ApiView):
    """The filters of the expression language."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getExpressionFilters"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(sorted(FILTERS))


class FunctionsView(ApiView):
    """The functions of the expression language with the names of their arguments."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getExpressionFunctions"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(
            [
                {"name": name, "arguments": [{"name": each} for each in found.parameters]}
                for name, found in sorted(FUNCTIONS.items())
            ]
        )


@cache
def product_version() -> str:
    return version("kestra-site")


@cache
def plugins_hash() -> int:
    """Changes with the types that there are, so that clients may keep what they know of them.
    Fits 53 bits, which is as much as JavaScript can count."""
    names = "\n".join(sorted(installed_registry().names()))
    return int.from_bytes(hashlib.blake2b(names.encode(), digest_size=6).digest())


def instance_id() -> UUID:
    """The same for all servers of one installation: they share its key, of which it tells
    nothing."""
    digest = hashlib.sha256(b"instance:" + settings.SECRET_KEY.encode()).digest()
    return UUID(bytes=digest[:16], version=4)


def _switches() -> dict[str, bool]:
    return {
        "isTaskRunEnabled": True,
        "isBasicAuthEnabled": True,
        "isBasicAuthInitialized": is_set_up(),
        "isAnonymousUsageEnabled": False,
        "isUiAnonymousUsageEnabled": False,
        "isTemplateEnabled": False,
        "isCustomDashboardsEnabled": False,
        "isConcurrencyViewEnabled": False,
        "isAiEnabled": False,
        "isAiApiKeyConfigured": False,
        "pluginManagementEnabled": False,
        "pluginCustomEnabled": False,
        "mailServiceEnabled": False,
        "passwordlessEnabled": False,
        "supportEnabled": False,
        "inMaintenance": False,
        "airgapped": False,
        "featureGating": False,
        "workerAuthEnabled": False,
    }
