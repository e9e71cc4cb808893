"""Row 2 of reliability.md: on a host where the readers' children cannot leave the network, ordinary files are read, the
converter is not run, and `doctor`, `status` and the site say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongwen.settings import ROOT
from ingest.selftest import NO_NETWORK_CUT
from tests.faults import without_unshare
from tests.faults.ordinary import original
from tests.ingest.office_kit import stand_in

pytestmark = pytest.mark.skipif(not without_unshare.is_possible(), reason="no seccomp filter for this machine")


@pytest.fixture
def gongwen(tmp_path: Path):
    """`python -m gongwen` where unshare(2) is forbidden; a script that tells when it is run is the converter."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    stand_in(bin_, f"touch {tmp_path}/converted")
    environ = os.environ | {
        "GONGWEN_CORPUS": str(tmp_path / "corpus"), "PATH": f"{bin_}:{os.environ['PATH']}",
        "GONGWEN_FREE_SPACE_MB": "0",
    }  # fmt: skip

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "gongwen", *words], cwd=ROOT, env=environ, text=True, capture_output=True,
            check=False, preexec_fn=without_unshare.forbid_unshare, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout

    return run


def test_the_filter_holds():
    code = "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.unshare(0x40000000), ctypes.get_errno())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        preexec_fn=without_unshare.forbid_unshare,
    )  # fmt: skip
    assert done.stdout.split() == ["-1", "1"]


def test_what_is_read_and_what_is_said(gongwen, tmp_path):
    (tmp_path / "in").mkdir()
    for form in ("docx", "txt", "rtf"):
        (tmp_path / "in" / f"通知.{form}").write_bytes(original(form))
    code, printed = gongwen("ingest", "--json", str(tmp_path / "in"))
    found = {line["source"]: line for line in map(json.loads, printed.splitlines())}
    assert {name: line["reason"] for name, line in found.items()} == {
        "通知.docx": None, "通知.txt": None, "通知.rtf": "no_sandbox",
    }  # fmt: skip
    assert code == 3
    assert not (tmp_path / "converted").exists()

    code, printed = gongwen("doctor", "--json")
    told = {line["name"]: line for line in map(json.loads, printed.splitlines())}
    assert code == 3
    assert (told["隔离：读取程序不能联网"]["ok"], told["隔离：断网方式"]["value"]) == (False, "没有断开")
    assert told["隔离：内存有上限"]["ok"]

    _, printed = gongwen("status")
    assert NO_NETWORK_CUT in printed
    assert "通知.rtf：没有读成，本机无法隔离运行转换程序" in printed
