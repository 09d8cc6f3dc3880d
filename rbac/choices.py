"""Enumerations of the app."""

from django.db.models import TextChoices


class UserType(TextChoices):
    STANDARD = "STANDARD"
    SERVICE_ACCOUNT = "SERVICE_ACCOUNT"


class SubjectType(TextChoices):
    USER = "USER"
    GROUP = "GROUP"


class Membership(TextChoices):
    OWNER = "OWNER"
    MEMBER = "MEMBER"
