"""Settings that the code of `rest` and `rbac` relies on; `kestra_site.settings` takes them over."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rbac.drf.GateAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rbac.drf.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest.rendering.JsonParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
        "rest.rendering.AnyJsonParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest.rendering.NoNegotiation",
    "DEFAULT_SCHEMA_CLASS": "rest.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "rest.errors.drf_exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Kestra site",
    "DESCRIPTION": "REST API of the workflow orchestrator.",
    "VERSION": "0.20.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["rest.openapi.add_views_of_shared_addresses"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "rest.openapi.add_endpoints",
    ],
}

KESTRA_GATE = "rbac.gate.AccessGate"
KESTRA_DATABASE_THREADS = 8

REST_MIDDLEWARE = ["rest.middleware.ApiMiddleware"]
"""To be the last of MIDDLEWARE."""
