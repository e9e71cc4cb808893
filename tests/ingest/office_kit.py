"""LibreOffice for tests: real, to write DOC, RTF and ODT (tests/forms_kit.py); and stand-ins for it, scripts that
misbehave."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.convert import find_converter


def need_converter() -> str:
    """LibreOffice's path. Skips without it, but not in CI."""
    found = find_converter()
    if found:
        return found
    told = "LibreOffice is missing: apt-get install libreoffice-writer-nogui"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def stand_in(folder: Path, script: str) -> str:
    """A shell script in LibreOffice's place: $SOURCE is the file, $OUT where the DOCX belongs."""
    path = folder / "soffice"
    head = 'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && DIR=$2; shift; done\n'
    head += 'SOURCE=$1\nmkdir -p "$DIR"\nOUT="$DIR/in.docx"\n'
    path.write_text(f"#!/bin/sh\n{head}{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
