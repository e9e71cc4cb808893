"""Bill of materials: CycloneDX 1.5 JSON of what runs. The same packages give the same bytes."""

from __future__ import annotations

import json
import uuid
from typing import Any

from gongwen import VERSION
from gongwen.supply.licences import licences
from gongwen.supply.lock import closure, locked, needed


def sbom() -> str:
    pins = locked()
    said = {one.name: one.text for one in licences()}
    versions = {name: one.version for name, one in closure().items()}
    parts = [_part(name, version, said[name], pins[name].hashes) for name, version in versions.items()]
    found: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True))}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "gongwen", "name": "gongwen", "version": VERSION}},
        "components": parts,
        "dependencies": [
            {"ref": "gongwen", "dependsOn": [_url(name, versions[name]) for name in versions if pins[name].is_direct]},
            *({"ref": _url(name, versions[name]), "dependsOn": sorted(_url(one, versions[one]) for one in needed(name))}
              for name in versions),
        ],
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _part(name: str, version: str, licence: str, hashes: tuple[str, ...]) -> dict[str, Any]:
    """The hashes are of every file of that version that may be installed, so they stand as properties: `hashes` would
    mean one file."""
    return {
        "type": "library", "bom-ref": _url(name, version), "name": name, "version": version,
        "purl": _url(name, version), "licenses": [{"license": {"name": licence}}],
        "properties": [{"name": "sha256", "value": one} for one in hashes],
    }  # fmt: skip


def _url(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"
