"""Units, Dockerfile, compose file and install script: what they name exists, what they call is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import regex
import yaml

from gongwen.cli.main import COMMANDS
from gongwen.settings import ROOT, load_settings

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """Sections of keys with all their values: systemd allows a key more than once."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(section, {}).setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_service_calls_what_is_there(path: Path):
    service = unit(path)["Service"]
    for line in service["ExecStart"]:
        program, command, *options = line.split()
        assert program == "/opt/gongwen/bin/gongwen"  # install.sh writes it
        assert command in COMMANDS
        told = subprocess.run(
            [sys.executable, "-m", "gongwen", command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert [one for one in options if one.startswith("--") and one not in told] == []
    assert service["User"] == ["gongwen"]
    assert service["NoNewPrivileges"] == ["yes"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["Environment"] == ["GONGWEN_SETTINGS=/etc/gongwen/gongwen.yml"]


def test_the_readers_may_still_leave_the_network():
    service = unit(DEPLOY / "gongwen.service")["Service"]
    assert set(service["RestrictNamespaces"][0].split()) == {"user", "net"}
    assert service["SystemCallFilter"] == ["@system-service"]  # holds unshare


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_a_timer_has_its_service(path: Path):
    assert path.with_suffix(".service") in UNITS
    assert unit(path)["Install"]["WantedBy"] == ["timers.target"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this host")
@pytest.mark.parametrize("path", [*UNITS, *TIMERS], ids=lambda path: path.name)
def test_systemd_has_nothing_to_say_but_that_it_is_not_installed(path: Path, tmp_path: Path):
    for one in [*UNITS, *TIMERS]:
        text = one.read_text(encoding="utf-8").replace("/opt/gongwen/bin/gongwen", "/bin/true")
        (tmp_path / one.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / path.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "gongwen" in line] == []


def test_the_settings_file_is_read(tmp_path: Path):
    shutil.copy(DEPLOY / "gongwen.yml", tmp_path)
    settings = load_settings({}, tmp_path)
    assert str(settings.corpus) == "/srv/gongwen/corpus"
    assert settings.log_format == "json"


def test_what_the_dockerfile_copies_and_calls_is_there():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = [line.split()[1] for line in text.splitlines() if line.startswith("COPY")]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= set(copied)
    assert {"rules", "requirements.lock"} <= set(copied)
    assert 'ENTRYPOINT ["python", "-m", "gongwen"]' in text
    assert 'CMD ["serve"]' in text
    assert regex.search(r"^USER gongwen$", text, regex.MULTILINE)
    names = regex.findall(r"GONGWEN_([A-Z_]+)=", text)
    load_settings({f"GONGWEN_{name}": "json" if name == "LOG_FORMAT" else "/x" for name in names}, Path("/"))


def test_the_compose_file_builds_that_dockerfile():
    found = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))["services"]["gongwen"]
    context = (DEPLOY / found["build"]["context"]).resolve()
    assert (context / found["build"]["dockerfile"]) == DEPLOY / "Dockerfile"
    assert found["cap_drop"] == ["ALL"]
    assert found["network_mode"] == "host"  # the site listens on loopback only
    assert "ports" not in found


def test_the_guide_names_what_is_there():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in regex.findall(r"docs/deploy/([\w.*-]+)", text):
        assert list(DEPLOY.glob(name.rstrip("*") + "*" if "*" in name else name)), name
    called = set(regex.findall(r"(?:bin/gongwen|`gongwen) ([a-z]+)", text))
    assert called <= set(COMMANDS)
    assert {"backup", "restore", "verify", "doctor", "rebuild", "ingest"} <= called
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in regex.findall(r"make ([a-z-]+)", text):
        assert f"\n{name}:" in targets


def test_the_install_script_is_sound():
    subprocess.run(["sh", "-n", str(DEPLOY / "install.sh")], check=True)
    assert (DEPLOY / "install.sh").stat().st_mode & 0o111
