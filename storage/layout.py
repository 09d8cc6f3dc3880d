"""What lies where in a tenant's storage: the files of an execution, of a namespace, of a trigger.
Everybody who stores or reads a file asks here for its address."""

import re
import unicodedata

from storage.addresses import Address, check_name
from storage.errors import AddressRefused

NAMESPACE_FILES = "_files"
FILE_REVISIONS = "_file_revisions"
REVISIONS_OF = "~"

_SPACE = re.compile(r"\s+")
_NOT_IN_SLUG = re.compile(r"[^A-Za-z0-9-]")
_DASHES = re.compile(r"-{2,}")


def slug(text: str) -> str:
    """A name as it stands in a path: `My_Flow été` becomes `myflow-ete`."""
    spaced = _SPACE.sub("-", text)
    plain = unicodedata.normalize("NFD", spaced)
    joined = _DASHES.sub("-", _NOT_IN_SLUG.sub("", plain))
    return joined.removeprefix("-").removesuffix("-").lower() or "_"


def namespace_folder(namespace: str) -> Address:
    """Folders that begin with an underscore are ours: `a._files` would lie among the files of
    `a`. Raises AddressRefused."""
    parts = namespace.split(".")
    if any(part.startswith("_") for part in parts):
        raise AddressRefused(f"'{namespace}' cannot be a namespace: a part begins with '_'")
    return Address.of(*parts)


def flow_folder(namespace: str, flow_id: str) -> Address:
    return namespace_folder(namespace).child(slug(flow_id))


def execution_folder(namespace: str, flow_id: str, execution_id: str) -> Address:
    """`kestra:///company/team/my-flow/executions/ID`: everything that an execution stored."""
    return flow_folder(namespace, flow_id).child("executions", execution_id)


def task_run_folder(
    namespace: str, flow_id: str, execution_id: str, task_id: str, task_run_id: str
) -> Address:
    folder = execution_folder(namespace, flow_id, execution_id)
    return folder.child("tasks", slug(task_id), task_run_id)


def input_file(
    namespace: str, flow_id: str, execution_id: str, input_id: str, file_name: str
) -> Address:
    folder = execution_folder(namespace, flow_id, execution_id)
    return folder.child("inputs", slug(input_id), safe_file_name(file_name))


def trigger_folder(namespace: str, flow_id: str, execution_id: str, trigger_id: str) -> Address:
    return execution_folder(namespace, flow_id, execution_id).child("trigger", slug(trigger_id))


def state_file(namespace: str, flow_id: str | None, name: str) -> Address:
    """The saved state of a task, of one flow or (without one) of the whole namespace."""
    folder = flow_folder(namespace, flow_id) if flow_id else namespace_folder(namespace)
    return folder.child("states", safe_file_name(name))


def cache_file(namespace: str, flow_id: str, task_id: str) -> Address:
    """The cached folder of a working directory."""
    return flow_folder(namespace, flow_id).child(slug(task_id), "cache", "cache.zip")


def namespace_files_folder(namespace: str) -> Address:
    return namespace_folder(namespace).child(NAMESPACE_FILES)


def namespace_file(namespace: str, path: str) -> Address:
    """The address of a namespace file from its plain path; one slash at the front is cut."""
    return namespace_files_folder(namespace).join(Address.of_path(path))


def namespace_file_revision(namespace: str, path: str, revision: int) -> Address:
    """Where an older revision of a namespace file is kept."""
    return namespace_file_revisions(namespace, path).child(str(revision))


def namespace_file_revisions(namespace: str, path: str) -> Address:
    """The folder of a file's older revisions. The suffix keeps the revisions of `a` apart from
    those of `a/1`."""
    folder = namespace_folder(namespace).child(FILE_REVISIONS)
    return folder.join(Address.of_path(path)).child(REVISIONS_OF)


def safe_file_name(name: str) -> str:
    """The last part of a file name as a browser or a task gave it. Raises AddressRefused."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    check_name(last)
    return last
