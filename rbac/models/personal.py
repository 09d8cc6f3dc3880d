"""What belongs to one person: how he likes to see the pages, and links that sign him in once."""

from django.db import models

from common.clock import now
from rbac.models.accounts import User


class UserPreferences(models.Model):
    """A row of its own: callers of the API are identified without it."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"preferences of user {self.pk}"


class SignInLink(models.Model):
    """A link that signs in once. Only its token's hash is kept; whom it signs in is decided when it
    is used, as there may be no user when it is made."""

    hash = models.CharField(max_length=128, unique=True)
    created = models.DateTimeField(default=now)
    expires = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"sign-in link until {self.expires:%Y-%m-%d %H:%M} UTC"
