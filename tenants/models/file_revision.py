"""The table of the revisions of namespace files; the content is in internal storage."""

import hashlib
from typing import Any

from django.db import models

from rest.scoping import TenantScoped
from tenants.limits import MAX_NAMESPACE_LENGTH


class FileRevision(TenantScoped):
    """One revision of a file. The newest is the file itself; older ones lie beside it."""

    namespace = models.CharField(max_length=MAX_NAMESPACE_LENGTH)
    path = models.TextField()
    # Not every database can keep a path of 900 bytes unique.
    path_digest = models.CharField(max_length=32, editable=False)
    revision = models.PositiveIntegerField()
    size = models.BigIntegerField()
    author = models.CharField(max_length=250, blank=True, default="")
    created = models.DateTimeField(auto_now_add=True)

    class Meta(TenantScoped.Meta):
        ordering = ("revision",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "namespace", "path_digest", "revision"), name="revision_of_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.path} ({self.revision})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path_digest = digest_of(self.path)
        super().save(*args, **kwargs)


def digest_of(path: str) -> str:
    return hashlib.blake2b(path.encode(), digest_size=16).hexdigest()
