"""requirements.lock: every package that runs, direct or not, in one version with the hashes of its files.

`make lock` writes it with pip-compile; here it is read, and compared with requirements.txt and what is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import regex
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from gongwen.settings import ROOT

REQUIREMENTS, LOCK, FAST = ROOT / "requirements.txt", ROOT / "requirements.lock", ROOT / "requirements-fast.txt"
ADVISORIES = Path(__file__).with_name("advisories.yml")
_HASH = regex.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """`is_direct`: requirements.txt names it."""

    name: str
    version: str
    hashes: tuple[str, ...] = ()
    is_direct: bool = False


def wanted(path: Path = REQUIREMENTS) -> dict[str, Pin]:
    """What a requirements file names. Raises ValueError for a line without one exact version."""
    found: dict[str, Pin] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.split("#")[0].strip()
        if not text or text.startswith("-r "):
            continue
        one = Requirement(text)
        pins = list(one.specifier)
        if len(pins) != 1 or pins[0].operator != "==" or "*" in pins[0].version:
            raise ValueError(f"{path.name}:{number}: not pinned: {text}")
        name = canonicalize_name(one.name)
        if name in found:
            raise ValueError(f"{path.name}:{number}: named twice: {name}")
        found[name] = Pin(name, pins[0].version, is_direct=True)
    return found


def locked(path: Path = LOCK) -> dict[str, Pin]:
    direct = wanted()
    found: dict[str, Pin] = {}
    for entry in _entries(path.read_text(encoding="utf-8")):
        one = Requirement(entry.split("--hash")[0].strip())
        name, version = canonicalize_name(one.name), next(iter(one.specifier)).version
        found[name] = Pin(name, version, tuple(sorted(_HASH.findall(entry))), name in direct)
    return found


def needed(name: str) -> Iterator[str]:
    """The packages that an installed one brings on this machine."""
    for text in distribution(name).requires or ():
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            yield canonicalize_name(one.name)


def closure() -> dict[str, Distribution]:
    """Every installed package that the program runs with. Raises PackageNotFoundError when one is missing."""
    found: dict[str, Distribution] = {}
    waiting = list(wanted())
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = distribution(name)
            waiting.extend(needed(name))
    return dict(sorted(found.items()))


def complaints() -> list[str]:
    """What does not hold: pins without version or hash, packages outside the lock, versions with known holes. Needs
    no network."""
    try:
        direct, pins = wanted(), locked()
    except ValueError as error:
        return [str(error)]
    found = [f"{name}: not in requirements.lock" for name in direct.keys() - pins.keys()]
    found += [
        f"{name}: requirements.txt says {one.version}, requirements.lock {pins[name].version}"
        for name, one in direct.items()
        if name in pins and pins[name].version != one.version
    ]
    found += [f"{one.name}: no hash in requirements.lock" for one in pins.values() if not one.hashes]
    try:
        found += [f"{name}: runs, but is not in requirements.lock" for name in closure().keys() - pins.keys()]
    except PackageNotFoundError as error:
        found.append(f"{error.name}: not installed")
    return sorted(found) + list(_holes(pins))


def _holes(pins: dict[str, Pin]) -> Iterator[str]:
    known = yaml.safe_load(ADVISORIES.read_text(encoding="utf-8"))
    for one in known["fixed_in"]:
        pin = pins.get(canonicalize_name(one["package"]))
        if pin is not None and Version(pin.version) < Version(one["version"]):
            yield f"{pin.name} {pin.version}: {one['id']} is fixed in {one['version']}"
    for one in known["never"]:
        if canonicalize_name(one["package"]) in pins:
            yield f"{one['package']}: must not come in ({one['why']})"


def _entries(text: str) -> Iterator[str]:
    """Logical lines: a package with its hashes."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line
