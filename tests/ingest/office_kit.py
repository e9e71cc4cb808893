"""LibreOffice for tests: real, to write DOC, RTF and ODT; and stand-ins for it, scripts that misbehave."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gongwen.sampling.standard import entries, paper, render
from ingest.convert import find_converter

FAMILIES = ("science_day", "year_plan", "roster", "meeting", "call", "letter")
FORMS = ("doc", "rtf", "odt")


def need_converter() -> str:
    """LibreOffice's path. Skips without it, but not in CI."""
    found = find_converter()
    if found:
        return found
    told = "LibreOffice is missing: apt-get install libreoffice-writer-nogui"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def sample(family: str) -> bytes:
    """The latest paper of a family as DOCX, its list without the restart that LibreOffice makes a second list of in a
    DOC."""
    entry = max((one for one in entries() if one.family == family), key=lambda one: one.year)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(render(paper(entry), "docx"))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/numbering.xml" and content.count(b"<w:startOverride") == 3:
                content = re.sub(rb"<w:lvlOverride .*?</w:lvlOverride>", b"", content, flags=re.DOTALL)
            after.writestr(name, content)
    return out.getvalue()


def run_office(folder: Path, form: str, files: list[Path]) -> None:
    """Convert files in one call, beside themselves."""
    program = need_converter()
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", form,
         "--outdir", str(folder), *map(str, files)],
        check=True, capture_output=True, timeout=300, start_new_session=True,
    )  # fmt: skip


def as_word_writes(rtf: bytes) -> bytes:
    """LibreOffice writes ? and half-width brackets for the signs of Chinese numbers in RTF; Word does not."""
    rtf = rtf.replace(rb"\leveltext \'02\'00\'3f;", rb"\leveltext \'02\'00\u12289 ?;")
    return rtf.replace(rb"\leveltext \'03\'28\'01\'29;", rb"\leveltext \'03\u-248 ?\'01\u-247 ?;")


def stand_in(folder: Path, script: str) -> str:
    """A shell script in LibreOffice's place: $SOURCE is the file, $OUT where the DOCX belongs."""
    path = folder / "soffice"
    head = 'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && DIR=$2; shift; done\n'
    head += 'SOURCE=$1\nmkdir -p "$DIR"\nOUT="$DIR/in.docx"\n'
    path.write_text(f"#!/bin/sh\n{head}{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
