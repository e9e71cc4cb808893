"""`gongwen serve` opens itself to this machine and to no other unless told to."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from gongwen.cli import serve
from gongwen.errors import SettingsError
from gongwen.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    found: list[Settings] = []
    monkeypatch.setattr(serve, "serve", found.append)
    return found


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "gongwen.example", "::", "::1"])
def test_a_host_others_can_reach_is_refused(host: str, served: list[Settings]) -> None:
    answer = CliRunner().invoke(serve.command, ["--host", host])
    assert isinstance(answer.exception, SettingsError)
    assert "没有登录功能" in str(answer.exception)
    assert served == []


def test_it_can_be_opened_on_purpose_and_warns(served: list[Settings]) -> None:
    answer = CliRunner().invoke(serve.command, ["--host", "0.0.0.0", "--port", "8123", "--allow-remote"])
    assert answer.exit_code == 0
    assert "没有登录功能" in answer.output
    assert (served[0].host, served[0].port) == ("0.0.0.0", 8123)


def test_it_stays_on_this_machine_by_default(served: list[Settings]) -> None:
    assert CliRunner().invoke(serve.command, []).exit_code == 0
    assert served[0].host == "127.0.0.1"


def test_a_setting_does_not_open_it_either(served: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGWEN_HOST", "0.0.0.0")
    assert isinstance(CliRunner().invoke(serve.command, []).exception, SettingsError)


def test_there_is_no_debug_mode(served: list[Settings]) -> None:
    answer = CliRunner().invoke(serve.command, ["--debug"])
    assert isinstance(answer.exception, SettingsError)
    assert served == []
