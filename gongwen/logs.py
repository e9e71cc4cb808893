"""Logs: one line an event, whatever stands in it; as text for people or as JSON for programs (setting `log_format`).

Names of files, addresses and what requests say of themselves come from outside: a line feed or an escape sequence in
them must not make a second line or move a terminal's cursor."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from datetime import datetime
from typing import TextIO

FORMATS = ("text", "json")


class TextFormatter(logging.Formatter):
    """As Python's, on one line but for tracebacks, whose lines are indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name is logging's)
        return clean(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802
        told = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    {clean(line)}" for line in told.splitlines())


class JsonFormatter(logging.Formatter):
    """`at` (with offset), `level`, `logger`, `message`, what else the caller tells, `error` with the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        told = getattr(record, "told", None)
        if isinstance(told, dict):
            line |= told
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return clean(json.dumps(line, ensure_ascii=False, default=str))


def set_up(form: str, stream: TextIO | None = None) -> None:
    """For the whole process. Requests are told in JSON only: on a terminal they would bury the rest."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("gongwen.access").setLevel(logging.INFO if form == "json" else logging.WARNING)


def clean(text: str) -> str:
    """Control, format and separator characters and halves of characters as \\u escapes."""
    return "".join(char if _is_plain(char) else f"\\u{ord(char):04x}" for char in text)


def _is_plain(char: str) -> bool:
    return char == " " or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
