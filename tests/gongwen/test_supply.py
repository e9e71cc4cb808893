"""Row 36 of reliability.md: what runs is pinned with hashes, its licences are allowed, and told as they are."""

from __future__ import annotations

import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from gongwen.settings import ROOT
from gongwen.supply import lock
from gongwen.supply.bundle import make_bundle, wheels_lock
from gongwen.supply.licences import Licence, licences, page
from gongwen.supply.lock import FAST, closure, complaints, locked, wanted
from gongwen.supply.sbom import sbom


def test_everything_that_runs_is_pinned_with_hashes_and_without_known_holes():
    assert complaints() == []


@pytest.mark.parametrize(
    ("line", "told"),
    [("whoosh>=2", "not pinned"), ("whoosh==2.*", "not pinned"), ("whoosh", "not pinned"),
     ("Whoosh==2.7.4\nwhoosh==2.7.4", "named twice"), ("regex==1.0", "requirements.lock 20"),
     ("left-pad==1.0", "left-pad: not in requirements.lock")],
)  # fmt: skip
def test_a_pin_that_does_not_hold_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, told: str):
    path = tmp_path / "requirements.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    real = lock.wanted
    monkeypatch.setattr(lock, "wanted", lambda where=path: real(where))
    assert any(told in one for one in complaints())


def test_a_hash_that_is_missing_and_a_known_hole_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pins = locked() | {"jinja2": lock.Pin("jinja2", "3.1.5", ()), "pymupdf": lock.Pin("pymupdf", "1.0", ("0" * 64,))}
    monkeypatch.setattr(lock, "locked", lambda: pins)
    found = complaints()
    assert "jinja2: no hash in requirements.lock" in found
    assert any(one.startswith("jinja2 3.1.5: CVE-") for one in found)
    assert any("PyMuPDF: must not come in" in one for one in found)


def test_no_licence_reaches_over_to_our_code():
    assert [f"{one.name}: {one.text}" for one in licences() if not one.is_allowed] == []
    assert len(licences()) > 50


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [("MIT", True), ("GPL-3.0-or-later", False), ("AGPL-3.0", False), ("GNU Affero General Public License v3", False),
     ("GNU General Public License v2 (GPLv2)", False), ("LGPL-2.1", True), ("", False), ("SSPL-1.0", False),
     ("GNU Lesser General Public License v3 (LGPLv3)", True), ("GPL-2.0 OR LGPL-3.0", False)],
)  # fmt: skip
def test_which_licences_are_allowed(text: str, is_allowed: bool):
    assert Licence("x", "1", text).is_allowed == is_allowed


def test_the_list_of_licences_is_up_to_date():
    """make lock writes it."""
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == page()


def test_the_bill_of_materials_names_everything_and_is_the_same_each_time():
    found = json.loads(sbom())
    assert sbom() == sbom()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.5")
    parts = {one["name"]: one for one in found["components"]}
    assert set(parts) == set(closure())
    assert all(one["properties"] and one["licenses"][0]["license"]["name"] for one in parts.values())
    refs = {one["bom-ref"] for one in found["components"]} | {"gongwen"}
    for one in found["dependencies"]:
        assert one["ref"] in refs
        assert set(one["dependsOn"]) <= refs
    direct = next(one for one in found["dependencies"] if one["ref"] == "gongwen")["dependsOn"]
    assert len(direct) == len(wanted())


def wheel(folder: Path, name: str, version: str) -> None:
    inside = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{inside}-py3-none-any.whl", "w") as made:
        made.writestr(f"{inside}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Empty wheels under the right names: what the bundle does with them does not depend on what is in them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for one in (*locked().values(), *wanted(FAST).values()):
        wheel(folder, one.name, one.version)
    return folder


def test_a_bundle_holds_all_that_is_needed_and_its_own_hashes(tmp_path: Path, wheels: Path):
    packed = make_bundle(tmp_path / "dist", wheels=wheels)
    with tarfile.open(packed) as tar:
        tar.extractall(tmp_path / "there", filter="data")
    place = next((tmp_path / "there").iterdir())
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=place, check=True)
    lines = (place / "wheels.lock").read_text("utf-8").splitlines()
    assert len(lines) == len(locked()) + len(wanted(FAST))
    assert all("--hash=sha256:" in line for line in lines)
    with tarfile.open(place / "gongwen.tar") as source:
        names = set(source.getnames())
    assert {"gongwen/gongwen/__main__.py", "gongwen/requirements.lock", "gongwen/rules", "gongwen/web"} <= names
    assert json.loads((place / "sbom.cdx.json").read_bytes())["components"]
    (place / "wheels.lock").write_text("x", encoding="utf-8")
    done = subprocess.run(
        ["sh", str(place / "install.sh"), str(tmp_path / "opt")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "安装包不完整或被改动" in done.stderr
    assert not (tmp_path / "opt").exists()


def test_a_wheel_that_is_missing_or_of_another_version_is_told(wheels: Path):
    next(wheels.glob("waitress-*")).unlink()
    next(wheels.glob("whoosh-*")).unlink()
    wheel(wheels, "whoosh", "2.7.5")
    with pytest.raises(ValueError, match="waitress, whoosh"):
        wheels_lock(wheels)
