"""What the OpenAPI document says of the configuration."""

from rbac.api.described import PASSWORD_RULE
from rest.shapes import ANY_OBJECT, FLAG, TEXT, WHOLE, Said, component, many, obj

_VERSIONED = many(obj("id", id=TEXT, version=TEXT))
_SWITCHES = (
    "isTaskRunEnabled", "isBasicAuthEnabled", "isBasicAuthInitialized", "isAnonymousUsageEnabled",
    "isUiAnonymousUsageEnabled", "isTemplateEnabled", "isCustomDashboardsEnabled",
    "isConcurrencyViewEnabled", "isAiEnabled", "isAiApiKeyConfigured", "pluginManagementEnabled",
    "pluginCustomEnabled", "mailServiceEnabled", "passwordlessEnabled", "supportEnabled",
    "inMaintenance", "airgapped", "featureGating", "workerAuthEnabled",
)  # fmt: skip

OPERATIONS = {
    "getConfiguration": Said(
        component(
            "Configuration",
            obj(
                "uuid",
                "version",
                uuid=TEXT,
                version=TEXT,
                edition=TEXT,
                url=TEXT,
                systemNamespace=TEXT,
                hiddenLabelsPrefixes=many(TEXT),
                preview=obj(initial=WHOLE, max=WHOLE),
                chartDefaultDuration=TEXT,
                passwordConfiguration=PASSWORD_RULE,
                tenants=obj(storageByTenant=FLAG),
                supportedStorages=_VERSIONED,
                pluginsHash={"type": "integer", "format": "int64"},
                leftSidebar=ANY_OBJECT,
                rightSidebar=ANY_OBJECT,
                features=many(TEXT),
                killSwitches=many(ANY_OBJECT),
                **dict.fromkeys(_SWITCHES, FLAG),
            ),
        )
    ),
    "getLoginConfiguration": Said(obj(isBasicAuthInitialized=FLAG)),
    "licenseInfo": Said(
        obj(type=TEXT, expired=FLAG, standalone=FLAG, workerGroups=FLAG, online=FLAG)
    ),
    "getExpressionFilters": Said(many(TEXT)),
    "getExpressionFunctions": Said(
        many(obj("name", "arguments", name=TEXT, arguments=many(obj("name", name=TEXT))))
    ),
}
