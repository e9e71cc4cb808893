"""Stores as earlier programs wrote them: `python -m tests.gongwen.make_old_store FOLDER [VERSION…]` writes
journal-N.tar.xz for each.

A program of that time is taken from git and run over three sample papers with the libraries of today. The packed stores
are committed (tests/golden/stores), for the commits are not everywhere. The index is left out: it is large, and any
other version's is built anew in any case."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ["2023-云科协字30号-年中工作现场会.txt", "2024-云政办22号-调整领导小组.txt",
          "2022-云科协字17号-征集科普作品.txt"]  # fmt: skip
COMMITS = {1: "4de2daf", 2: "14eef94", 3: "e74ef80", 4: "09b65aa", 5: "61aa153"}
"""Schema version of the journal: a program that wrote it."""


def main(folder: Path, wanted: Collection[int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for version, commit in COMMITS.items():
        if version not in wanted:
            continue
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            _unpack(commit, place / "program")
            _run(place)
            packed = folder / f"journal-{version}.tar.xz"
            with tarfile.open(packed, "w:xz") as tar:
                tar.add(place / "corpus", "corpus", filter=_plain)
            print(packed, packed.stat().st_size)


def _unpack(commit: str, target: Path) -> None:
    target.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive, check=True)


def _run(place: Path) -> None:
    env = os.environ | {"GONGWEN_CORPUS": str(place / "corpus"), "PYTHONPATH": str(place / "program")}
    env.pop("GONGWEN_RULES", None)
    papers = [str(ROOT / "corpus" / "sample" / one) for one in PAPERS]
    command = [sys.executable, "-m", "gongwen", "ingest", *papers]
    subprocess.run(command, cwd=place / "program", env=env, check=True)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    parts = Path(member.name).parts
    if (len(parts) > 1 and parts[1] in {"index", "owners", "tmp"}) or not (member.isfile() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(one) for one in sys.argv[2:]] or list(COMMITS))
