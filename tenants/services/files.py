"""Writing namespace files: content in internal storage, revisions and audit in the database.

Storage comes first and outside the transaction, so that a large file holds no lock; a file whose
record could not be written is still there, only its revision is not counted."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from common.actor import Actor
from common.errors import Invalid
from common.tenancy import current_tenant
from storage import layout
from storage.addresses import Address
from storage.contract import Storage
from storage.errors import FileInTheWay
from storage.streams import Content
from tenants.limits import KEPT_REVISIONS, MAX_FILE_BYTES
from tenants.models import FileRevision
from tenants.models.file_revision import digest_of
from tenants.names import check_namespace_id
from tenants.services import trail
from tenants.storages import storage_of

_ATTEMPTS = 5


def upload_file(*, actor: Actor, namespace: str, path: str, content: Content) -> FileRevision:
    """Store a file with its folders, in place of what was there. Raises FileTooLarge."""
    storage, address = _place(namespace, path)
    tenant, plain = current_tenant(), _plain(namespace, address)
    last = _last_revision(namespace, plain)
    if storage.exists(tenant, address):
        last = last or 1
        _keep(storage, tenant, address, layout.namespace_file_revision(namespace, plain, last))
    storage.put(tenant, address, content, limit=MAX_FILE_BYTES)
    size = storage.size(tenant, address)
    for _ in range(_ATTEMPTS):
        try:
            return _record(actor, storage, namespace, plain, size)
        except IntegrityError:  # somebody else's upload took the number
            continue
    raise FileInTheWay(f"The file '{plain}' is being changed by somebody else; try again")


def move_file(*, actor: Actor, namespace: str, source: str, target: str) -> None:
    """Move or rename a file or folder with its revisions. Raises FileMissing or FileInTheWay."""
    storage, origin = _place(namespace, source)
    _, goal = _place(namespace, target)
    tenant = current_tenant()
    storage.move(tenant, origin, goal)
    old, new = _plain(namespace, origin), _plain(namespace, goal)
    _move_revisions(storage, namespace, old, new)
    with transaction.atomic():
        rows = list(_rows(namespace, old).select_for_update())
        for row in rows:
            row.path = new + row.path.removeprefix(old)
            row.path_digest = digest_of(row.path)
        FileRevision.objects.bulk_update(rows, ["path", "path_digest"], batch_size=500)
        trail.file_was_moved(actor, namespace, source=old, target=new)


def delete_file(*, actor: Actor, namespace: str, path: str) -> bool:
    """Delete a file, or a folder with all below it; an empty path means all files of the
    namespace. Whether there was something."""
    storage, address = _place(namespace, path, may_be_root=True)
    tenant, plain = current_tenant(), _plain(namespace, address)
    was_there = storage.exists(tenant, address)
    storage.delete_prefix(tenant, address)
    storage.delete_prefix(tenant, _revisions(namespace, plain))
    with transaction.atomic():
        _rows(namespace, plain).delete()
        if was_there:
            trail.file_was_deleted(actor, namespace, path=plain)
    return was_there


def make_directory(*, actor: Actor, namespace: str, path: str) -> None:
    """Make a folder and its parents; one that exists is left as it is."""
    storage, address = _place(namespace, path)
    storage.make_directory(current_tenant(), address)
    with transaction.atomic():
        trail.directory_was_made(actor, namespace, path=_plain(namespace, address))


def _place(namespace: str, path: str, *, may_be_root: bool = False) -> tuple[Storage, Address]:
    check_namespace_id(namespace, path="namespace")
    address = layout.namespace_file(namespace, path)
    if not may_be_root and address == layout.namespace_files_folder(namespace):
        raise Invalid("The path is empty; name a file or a folder")
    return storage_of(tenant=current_tenant(), namespace=namespace), address


def _plain(namespace: str, address: Address) -> str:
    return address.relative_to(layout.namespace_files_folder(namespace))


def _revisions(namespace: str, path: str) -> Address:
    """The folder of the revisions of a file or of all files in a folder."""
    root = layout.namespace_folder(namespace).child(layout.FILE_REVISIONS)
    return root.join(Address.of_path(path))


def _rows(namespace: str, path: str) -> QuerySet[FileRevision]:
    """The records of a file, or of all files in a folder."""
    rows = FileRevision.objects.filter(namespace=namespace)
    if not path:
        return rows
    return rows.filter(Q(path_digest=digest_of(path)) | Q(path__startswith=f"{path}/"))


def _last_revision(namespace: str, path: str) -> int:
    rows = FileRevision.objects.filter(namespace=namespace, path_digest=digest_of(path))
    return rows.order_by("-revision").values_list("revision", flat=True).first() or 0


def _keep(storage: Storage, tenant: str, source: Address, target: Address) -> None:
    """Put the present content aside as an older revision."""
    if storage.attributes(tenant, source).is_directory:
        raise FileInTheWay(f"{source} is a folder", uri=str(source))
    with storage.get(tenant, source) as content:
        storage.put(tenant, target, content)


@transaction.atomic
def _record(actor: Actor, storage: Storage, namespace: str, path: str, size: int) -> FileRevision:
    rows = FileRevision.objects.filter(namespace=namespace, path_digest=digest_of(path))
    last = rows.order_by("-revision").values_list("revision", flat=True).first() or 0
    if not last and storage.exists(
        current_tenant(), layout.namespace_file_revision(namespace, path, 1)
    ):
        last = 1  # the file was there before its revisions were counted
    made = FileRevision.objects.create(
        namespace=namespace, path=path, revision=last + 1, size=size, author=actor.name
    )
    trail.file_was_uploaded(actor, made)
    _drop_old(storage, made)
    return made


def _drop_old(storage: Storage, newest: FileRevision) -> None:
    old = FileRevision.objects.filter(
        namespace=newest.namespace,
        path_digest=newest.path_digest,
        revision__lte=newest.revision - KEPT_REVISIONS,
    )
    numbers = list(old.values_list("revision", flat=True))
    old.delete()
    places = [
        layout.namespace_file_revision(newest.namespace, newest.path, number) for number in numbers
    ]
    tenant = current_tenant()
    transaction.on_commit(lambda: [storage.delete_prefix(tenant, place) for place in places])


def _move_revisions(storage: Storage, namespace: str, old: str, new: str) -> None:
    tenant = current_tenant()
    source, target = _revisions(namespace, old), _revisions(namespace, new)
    if storage.exists(tenant, source):
        storage.delete_prefix(tenant, target)
        storage.move(tenant, source, target)
