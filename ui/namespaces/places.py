"""Paths of namespace files, as the pages write them: without a slash before or behind."""

from urllib.parse import urlencode

from ui.namespaces.header import url_of


def clean_path(text: str) -> str:
    return text.strip().strip("/")


def joined(folder: str, name: str) -> str:
    return clean_path(f"{clean_path(folder)}/{clean_path(name)}")


def file_url(tenant: str, namespace: str, path: str) -> str:
    """Where a file or folder is shown."""
    url = url_of(tenant, namespace, "files")
    return f"{url}?{urlencode({'path': path})}" if path else url
