"""Reads the licences of everything that the product installs; ends with 1 when one of them does
not allow what Apache-2.0 allows."""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "runtime.lock"
_REFUSED = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)


def main() -> int:
    names = re.findall(r"^([a-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    refused = []
    for name in sorted(set(names)):
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            continue  # for another platform or version of Python
        print(f"{name}: {licence}")
        if _REFUSED.search(licence):
            refused.append(f"{name} ({licence})")
    if refused:
        print("not allowed: " + ", ".join(refused))
    return 1 if refused else 0


def licence_of(package: Distribution) -> str:
    facts = package.metadata
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or []
        if line.startswith("License :: OSI")
    ]
    named = facts.get("License-Expression") or ", ".join(classifiers)
    return named or (facts.get("License") or "not said").strip().split("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
