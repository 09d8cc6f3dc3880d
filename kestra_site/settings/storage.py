"""Internal storage, secrets' back ends and folders on this machine."""

from typing import Any

from kestra_site.config import Configuration, current_configuration


def storage_settings(configuration: Configuration) -> dict[str, Any]:
    """Type and options; a local storage without a place is in the data folder."""
    chosen = configuration.kestra.storage
    options = dict(getattr(chosen, chosen.type, None) or {})
    if chosen.type == "local" and not {"base-path", "basePath", "base_path"} & options.keys():
        options["base-path"] = str(configuration.kestra.data_dir / "storage")
    return {"type": chosen.type, "options": options}


_configuration = current_configuration()

KESTRA_DATA_DIR = _configuration.kestra.data_dir
KESTRA_STORAGE = storage_settings(_configuration)
KESTRA_STORAGE_ISOLATION = _configuration.kestra.storage.isolation
KESTRA_SECRET = _configuration.kestra.secret
KESTRA_TEMPORARY_FOLDER = _configuration.kestra.tasks.tmp_dir.path
