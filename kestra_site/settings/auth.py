"""Who is a user, how passwords are kept and judged. Sign-in itself belongs to `rbac`."""

from datetime import timedelta

from kestra_site.config import current_configuration

_security = current_configuration().kestra.security
_sign_on = current_configuration().micronaut.security

AUTH_USER_MODEL = "rbac.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian would make a user row of its own
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = ["rbac.hashers.Argon2Hasher"]
KESTRA_PASSWORD_POLICY = _security.basic_auth
KESTRA_FAILED_LOGINS = _security.login.failed_attempts
KESTRA_INVITATION_LIFETIME = _security.invitations.expire_after
KESTRA_DEFAULT_ROLE = _security.default_role
KESTRA_OIDC_GROUPS_CLAIM = _security.oidc.groups_claim_path
KESTRA_OAUTH2 = _sign_on.oauth2
KESTRA_LDAP = _sign_on.ldap
KESTRA_SESSION_LIFETIME = _sign_on.token.cookie.cookie_max_age or timedelta(days=2)
