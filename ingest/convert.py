"""The converter: LibreOffice makes a DOCX of what only it can read (DOC, WPS, RTF, ODT).

Runs in a child of the nursery (no network, own session, limits of its own) and in a scratch folder that holds the
file, the profile and the result. Measured with LibreOffice 7.4: the exit code is 0 for what it could not read, so
only the result counts; two runs on one profile disturb each other; a fresh profile ends its first start with 81, to be
started again; a picture by link is fetched over the network unless there is none (reliability.md §1 item 7).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongwen.errors import SourceError
from ingest import isolation
from ingest.preparing import prepared

FORMS = ("doc", "rtf", "odt")
"""What may be asked to be converted, by the extension that tells LibreOffice's filters what it is."""

_PLACES = ("/usr/local/bin", "/usr/lib/libreoffice/program", "/opt/libreoffice/program")
_STARTS = 3
"""A fresh profile ends the first (81); 2 of 30 ended with 0 and no result, and gave one when they were run again."""

_FILTER = "docx:MS Word 2007 XML"

# Macros never run, links are never followed, fields are not told to update, Java is not looked for. The cache of laid
# out words is kept small (as shipped 20 MB): paragraphs that begin alike fall into one slot of it and are compared with
# one another, 80 s for 6,000 of them instead of 6.
_OPTIONS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Writer/Content/Update", "Field", "false"),
    ("Java/VirtualMachine", "Enable", "false"),
    ("Common/Cache/Font", "GlyphsCacheSize", "100000"),
)
_SPACES = (
    'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)

Send = Callable[[bytes, bytes], None]


def find_converter(path: str | None = None) -> str:
    """Where LibreOffice is, "" when it is not installed. `path` stands in for PATH."""
    if path is None:
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_PLACES))
    found = [Path(one).resolve() for name in ("soffice", "libreoffice") if (one := shutil.which(name, path=path))]
    # A snap's name leads to the program `snap`, which does not start in here.
    return next((str(one) for one in found if one.name != "snap"), "")


def convert(data: bytes, form: str, program: str, scratch: Path, limits: dict[str, Any]) -> bytes:
    """The file as DOCX. Raises SourceError: `parse_error` when LibreOffice made nothing of it."""
    source, result = scratch / f"in.{form}", scratch / "out" / "in.docx"
    source.write_bytes(prepared(data, form))
    _write_profile(scratch / "profile" / "user")
    status = 0
    for _ in range(_STARTS):
        status, cause = _run(program, source, scratch, limits)
        if cause and (status < 0 or not result.exists()):
            raise SourceError(cause, f"the converter ended with status {status}")
        if result.exists():
            break
    if not result.is_file():
        raise SourceError("parse_error", f"the converter made nothing of it (status {status})")
    size = result.stat().st_size
    if size > limits["output_bytes"]:
        raise SourceError("output_too_large", f"{size} bytes converted")
    return result.read_bytes()


def work(request: dict[str, Any], data: bytes, scratch: Path, limits: dict[str, Any], send: Send) -> None:
    """What the converter's child does: answers C with the DOCX, or E."""
    try:
        send(b"K", convert(data, request["form"], request["converter"], scratch, limits))
    except SourceError as error:
        _say(send, error)
    except OSError as error:
        _say(send, SourceError("no_space" if error.errno == errno.ENOSPC else "crash", str(error)))


def _say(send: Send, error: SourceError) -> None:
    send(b"E", json.dumps({"code": error.code, "detail": error.detail[:500]}).encode())


def _run(program: str, source: Path, scratch: Path, limits: dict[str, Any]) -> tuple[int, str]:
    """Exit status of one run; the reason when it was killed or died."""
    beside = Path(program).with_name("soffice.bin")  # what the script beside it starts, but with a parent to die with
    with subprocess.Popen(
        [str(beside) if beside.exists() else program, "--headless", "--norestore", "--nologo", "--nolockcheck",
         f"-env:UserInstallation={(scratch / 'profile').as_uri()}", "--convert-to", _FILTER,
         "--outdir", str(scratch / "out"), str(source)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=scratch,
        env={"PATH": os.defpath, "HOME": str(scratch), "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8",
             "SAL_USE_VCLPLUGIN": "svp"},
        preexec_fn=isolation.die_with_parent,
    ) as process:  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if os.WIFEXITED(status):
        # It has handlers for want of memory, which end in order or wait for an answer that never comes.
        return process.returncode, "memory" if usage.ru_maxrss * 1024 > limits["memory_bytes"] / 2 else ""
    return process.returncode, isolation.cause_of_death(status, usage, limits)


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _OPTIONS
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {_SPACES}>{items}</oor:items>\n'
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")
