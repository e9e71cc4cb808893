"""Row 18 of reliability.md: the disk turns read-only in the midst of work and back: nothing lost, told in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_disk_full import ROOT, _can_mount
from tests.ingest_kit import write_files


@pytest.mark.skipif(not _can_mount(), reason="this host lets nobody mount a tmpfs")
def test_remounted_read_only_and_back(tmp_path: Path):
    place, papers = tmp_path / "disk", tmp_path / "papers"
    place.mkdir()
    made = write_files(papers, 30)
    step = f"'{sys.executable}' -m tests.faults.read_only_disk '{place}' '{papers}'"
    script = (
        f"mount -t tmpfs -o size=50m tmpfs '{place}' && {step} first && mount -o remount,ro '{place}' && {step} closed"
        f" && mount -o remount,rw '{place}' && {step} again"
    )
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, closed, again = (json.loads(line) for line in done.stdout.splitlines())

    assert len(first["objects"]) == 15
    assert closed["told"], "somebody must be told"
    assert "Traceback" not in done.stderr
    assert closed["objects"] == first["objects"]
    assert closed["readable"] == 15  # a viewer goes on
    assert sorted(again["objects"]) == sorted(made.values())
    assert again["indexed"] == 30
    assert again["problems"] == []
