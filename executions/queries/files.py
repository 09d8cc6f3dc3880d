"""Files of executions in internal storage: which execution an address belongs to, and opening
it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from common.errors import Invalid
from executions.models import Execution
from executions.queries.details import present_executions
from storage import layout
from storage.addresses import Address
from storage.contract import FileAttributes, Storage
from storage.errors import FileMissing
from tenants.storages import storage_of

_EXECUTIONS = "executions"


class NotAnExecutionsFile(Invalid):
    """The address is not that of a file of an execution."""


@dataclass(frozen=True, slots=True)
class ExecutionFile:
    """A file that was found to be of this execution."""

    execution: Execution
    address: Address

    def attributes(self) -> FileAttributes:
        """Raises FileMissing, also for a folder."""
        found = self._storage().attributes(self.execution.tenant, self.address)
        if found.is_directory:
            raise FileMissing(f"{found.uri} is a folder, not a file")
        return found

    def open(self) -> BinaryIO:
        return self._storage().get(self.execution.tenant, self.address)

    def _storage(self) -> Storage:
        return storage_of(tenant=self.execution.tenant, namespace=self.execution.namespace)


def file_of(execution: Execution, uri: str) -> ExecutionFile:
    """The file, of this execution or of another one of the tenant. Raises AddressRefused for what
    is no address, NotAnExecutionsFile for anything else."""
    address = Address.parse(uri)
    if address.is_below(folder_of(execution)):
        return ExecutionFile(execution, address)
    for owner in _owners(address):
        if address.is_below(folder_of(owner)):
            return ExecutionFile(owner, address)
    raise NotAnExecutionsFile(f"{address} is not a file of an execution")


def folder_of(execution: Execution) -> Address:
    return layout.execution_folder(execution.namespace, execution.flow_id, execution.public_id)


def _owners(address: Address) -> list[Execution]:
    """Executions whose ids stand in the address behind the word `executions`."""
    parts = address.segments
    named = [after for before, after in pairwise(parts) if before == _EXECUTIONS]
    return list(present_executions().filter(public_id__in=named)) if named else []
