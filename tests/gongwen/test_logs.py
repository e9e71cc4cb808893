"""One event, one line, as text and as JSON."""

from __future__ import annotations

import io
import json
import logging

import pytest

from gongwen.errors import SettingsError
from gongwen.logs import clean, set_up
from gongwen.settings import load_settings

NASTY = ["甲\n2026-01-01 ERROR gongwen 伪造", "甲\r\n乙", "\x1b[2J甲",
         "甲\u2028乙", "甲\u202egnp.exe", "\ud800", "\x00", "\x85"]  # fmt: skip


@pytest.fixture
def out():
    root, access = logging.getLogger(), logging.getLogger("gongwen.access")
    before = (root.handlers[:], root.level, access.level)
    yield io.StringIO()
    root.handlers[:], access.level = before[0], before[2]
    root.setLevel(before[1])


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_makes_a_second_line(out, form, text):
    set_up(form, out)
    logging.getLogger("gongwen.test").warning("took %s", text)
    lines = out.getvalue().split("\n")
    assert len(lines) == 2
    assert lines[1] == ""
    assert lines[0].isprintable()
    assert len(lines[0].splitlines()) == 1
    if form == "json":
        found = json.loads(lines[0])
        assert (found["level"], found["logger"]) == ("WARNING", "gongwen.test")


def test_json_keeps_what_is_told_and_the_traceback(out):
    set_up("json", out)
    try:
        raise RuntimeError("甲\n乙")
    except RuntimeError:
        logging.getLogger("x").exception("went wrong", extra={"told": {"status": 500}})
    found = json.loads(out.getvalue())
    assert found["status"] == 500
    assert found["message"] == "went wrong"
    assert found["error"].startswith("Traceback")
    assert "+" in found["at"]


def test_lines_of_a_traceback_are_indented(out):
    set_up("text", out)
    try:
        raise RuntimeError("甲\n2026-01-01 00:00:00,000 ERROR x 伪造")
    except RuntimeError:
        logging.getLogger("x").exception("went wrong")
    lines = out.getvalue().splitlines()
    assert len(lines) > 3
    assert all(line.startswith("    ") for line in lines[1:])


def test_requests_are_told_in_json_only(out):
    for form, count in (("text", 0), ("json", 1)):
        set_up(form, out)
        logging.getLogger("gongwen.access").info("request", extra={"told": {"route": "/search", "status": 200}})
        assert len(out.getvalue().splitlines()) == count


def test_plain_words_stay_as_they_are():
    assert clean("柳科协字〔2021〕14号 a-b\ue7e3") == "柳科协字〔2021〕14号 a-b\ue7e3"


def test_an_unknown_form_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="log_format"):
        load_settings({"GONGWEN_LOG_FORMAT": "xml"}, tmp_path)
