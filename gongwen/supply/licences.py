"""Licences of what runs, from the packages' own metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution

import regex

from gongwen.supply.lock import closure, wanted

_TOLD: dict[str, str] = {
    # Packages whose metadata say nothing usable; read in their licence files.
    "shapely": "BSD-3-Clause (bundles GEOS, LGPL-2.1, as a library)",
    "opencv-python-headless": "Apache-2.0 (bundles FFmpeg, LGPL-2.1, as libraries)",
}
_FORBIDDEN = regex.compile(r"\b(AGPL|GPL|SSPL|Affero|GNU General Public)", regex.IGNORECASE)
_LESSER = regex.compile(r"LGPL|Lesser General Public|GNU Library", regex.IGNORECASE)
_HEAD = """# Licences

Made by `make lock` (`python -m gongwen.supply licences`) from the packages' own metadata; tests compare it with what is
installed. Nothing under GPL, AGPL or SSPL runs with the program. Programs beside Python (LibreOffice, MPL-2.0) are not
part of it.

| package | version | licence | named in requirements.txt |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Licence:
    name: str
    version: str
    text: str

    @property
    def is_allowed(self) -> bool:
        """Neither unknown nor one that reaches over to our code. Libraries under LGPL are used as they are."""
        return bool(self.text) and not _FORBIDDEN.search(_LESSER.sub("", self.text))


def licences() -> list[Licence]:
    return [Licence(name, one.version, _TOLD.get(name) or licence_of(one)) for name, one in closure().items()]


def licence_of(package: Distribution) -> str:
    """The expression, the classifiers or the first line of the field, whichever says something first."""
    meta = package.metadata
    for expression in meta.get_all("License-Expression") or ():
        return str(expression)
    classified = [one.split("::")[-1].strip() for one in meta.get_all("Classifier") or () if one.startswith("License")]
    named = [one for one in dict.fromkeys(classified) if one != "OSI Approved"]
    if named:
        return ", ".join(named)
    told = [str(one).strip().split("\n")[0][:80] for one in meta.get_all("License") or ()]
    return told[0] if told else ""


def page() -> str:
    return _HEAD + "".join(_rows())


def _rows() -> Iterator[str]:
    direct = wanted()
    for one in licences():
        yield f"| {one.name} | {one.version} | {one.text} | {'yes' if one.name in direct else ''} |\n"
