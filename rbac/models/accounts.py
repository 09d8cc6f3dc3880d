"""Who can sign in: users and service accounts, their sessions and API tokens. Instance-wide."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from common.clock import now
from common.ids import ID_LENGTH, new_id
from rbac.choices import UserType


class UserManager(BaseUserManager["User"]):
    """Finds users by name without case. Users are made by `rbac.services.create_user`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=normal_name(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a service account. `is_superuser` (of PermissionsMixin, which object grants
    need) is what the product calls super-admin."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    username = models.CharField(max_length=254, unique=True)
    """A person's e-mail address in lower case; a service account's public id."""
    type = models.CharField(max_length=20, choices=UserType.choices, default=UserType.STANDARD)
    name = models.CharField(max_length=254, blank=True, default="")
    """A service account's name, which need not be unique."""
    description = models.TextField(blank=True, default="")
    first_name = models.CharField(max_length=150, blank=True, default="")
    last_name = models.CharField(max_length=150, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_restricted = models.BooleanField(default=False)
    is_first_administrator = models.BooleanField(null=True, default=None, unique=True)
    """True for the one whom the set-up made, else null: there cannot be two."""
    rights_version = models.PositiveBigIntegerField(default=0)
    """Raised with each change of what this user may do; compiled rights compare it."""
    created = models.DateTimeField(default=now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username = normal_name(self.username)
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        full = f"{self.first_name} {self.last_name}".strip()
        return self.name or full or self.username

    @property
    def is_service_account(self) -> bool:
        return self.type == UserType.SERVICE_ACCOUNT

    @property
    def is_super_admin(self) -> bool:
        return self.is_superuser


def normal_name(username: str) -> str:
    """User names compare without case and outer blanks."""
    return username.strip().casefold()


class SessionQuerySet(models.QuerySet["Session"]):
    def living(self) -> Self:
        return self.filter(expires__gt=now(), revoked=None)


class Session(models.Model):
    """A sign-in in a browser. The cookie holds a signed token with its id."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    created = models.DateTimeField(default=now)
    expires = models.DateTimeField(db_index=True)
    revoked = models.DateTimeField(null=True, blank=True)
    ip_address = models.CharField(max_length=64, blank=True, default="")
    user_agent = models.CharField(max_length=300, blank=True, default="")

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.public_id


class ApiToken(models.Model):
    """An opaque token. Only a salted hash is kept, and the first characters to find it by."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=63)
    description = models.TextField(blank=True, default="")
    prefix = models.CharField(max_length=20, db_index=True)
    salt = models.CharField(max_length=32)
    hash = models.CharField(max_length=128)
    issued = models.DateTimeField(default=now)
    max_age = models.DurationField(null=True, blank=True)
    expires = models.DateTimeField(null=True, blank=True)
    is_extended = models.BooleanField(default=False)
    """Each use moves the end forward."""
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    @property
    def is_expired(self) -> bool:
        return self.expires is not None and self.expires <= now()
