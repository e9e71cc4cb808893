"""The offline bundle: source and wheels for this kind of machine, with a script that installs them without network.

Wheels come through pip, which compares them with the hashes of requirements.lock; packages that are published as
source only are built here. What lies in the bundle then has hashes of its own (wheels.lock), since a wheel that was
built has another than the source it was built of."""

from __future__ import annotations

import gzip
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import parse_wheel_filename

from gongwen import VERSION
from gongwen.settings import ROOT
from gongwen.supply.licences import page
from gongwen.supply.lock import FAST, LOCK, locked, wanted
from gongwen.supply.sbom import sbom

INSTALL = ROOT / "docs" / "deploy" / "install.sh"


def make_bundle(folder: Path, *, source: str = "HEAD", wheels: Path | None = None) -> Path:
    """Gives FOLDER/gongwen-VERSION-KIND.tar.gz. `wheels` are taken from there instead of being fetched; `source` is
    what git knows by that name."""
    kind = f"{platform.system().lower()}-{platform.machine()}-py{sys.version_info.major}{sys.version_info.minor}"
    name = f"gongwen-{VERSION}-{kind}"
    place = folder / name
    (place / "wheels").mkdir(parents=True, exist_ok=True)
    if wheels is None:
        fetch(place / "wheels")
    else:
        for one in wheels.glob("*.whl"):
            shutil.copy(one, place / "wheels" / one.name)
    (place / "wheels.lock").write_text(wheels_lock(place / "wheels"), encoding="utf-8")
    (place / "gongwen.tar").write_bytes(_git("archive", "--format=tar", "--prefix=gongwen/", source))
    (place / "VERSION").write_text(f"{VERSION} {_git('rev-parse', source).decode().strip()} {kind}\n", encoding="utf-8")
    (place / "licences.md").write_text(page(), encoding="utf-8")
    (place / "sbom.cdx.json").write_text(sbom(), encoding="utf-8")
    (place / "install.sh").write_bytes(INSTALL.read_bytes())
    (place / "install.sh").chmod(0o755)
    (place / "SHA256SUMS").write_text(_sums(place), encoding="utf-8")
    return _packed(place, folder / f"{name}.tar.gz")


def fetch(target: Path) -> None:
    """Every wheel of the lock and of the fast engine, checked by hash; sources are built."""
    for command in (
        ["wheel", "--require-hashes", "--no-deps", "-r", str(LOCK)],
        ["wheel", "--no-deps", "-r", str(FAST)],
    ):
        base = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*base, *command, "--quiet", "--wheel-dir", str(target)], check=True)


def wheels_lock(folder: Path) -> str:
    """A lock of the files that are there. Raises ValueError when one that runs is missing or of another version."""
    pins = {one.name: one.version for one in (*locked().values(), *wanted(FAST).values())}
    lines: dict[str, str] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(path.name)
        if pins.get(name) == str(version):
            lines[name] = f"{name}=={version} --hash=sha256:{_hash(path)}\n"
    if missing := pins.keys() - lines.keys():
        raise ValueError(f"no wheel of {', '.join(sorted(missing))} in {folder}")
    return "".join(lines[name] for name in sorted(lines))


def _sums(place: Path) -> str:
    """As `sha256sum -c` reads it."""
    paths = sorted(one for one in place.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    return "".join(f"{_hash(one)}  {one.relative_to(place).as_posix()}\n" for one in paths)


def _packed(place: Path, target: Path) -> Path:
    """Wheels are packed already: little is won by more than the fastest compression."""
    part = target.with_suffix(".part")
    with gzip.open(part, "wb", compresslevel=1) as out, tarfile.open(fileobj=out, mode="w") as tar:
        tar.add(place, place.name)
    part.rename(target)
    return target


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(*words: str) -> bytes:
    command: Sequence[str] = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, check=True).stdout
