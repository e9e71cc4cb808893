"""`gongwen serve` opens itself to this machine and to no other unless told to."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from gongwen.cli.serve import check_host, command
from gongwen.errors import SettingsError
from gongwen.settings import Settings

REACHABLE = ["0.0.0.0", "192.0.2.7", "gongwen.example", "::", "::1", ""]


@pytest.mark.parametrize("host", [host for host in REACHABLE if host])
def test_a_host_others_can_reach_is_refused(host: str) -> None:
    answer = CliRunner().invoke(command, ["--host", host])
    assert isinstance(answer.exception, SettingsError)
    assert "没有登录功能" in str(answer.exception)


@pytest.mark.parametrize("host", REACHABLE)
def test_it_can_be_opened_on_purpose_and_warns(host: str) -> None:
    assert "没有登录功能" in check_host(Settings(host=host), allow_remote=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost"])
def test_this_machine_is_served_without_a_word(host: str) -> None:
    assert check_host(Settings(host=host), allow_remote=False) == ""


def test_it_stays_on_this_machine_by_default() -> None:
    assert check_host(Settings(), allow_remote=False) == ""


def test_a_setting_does_not_open_it_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGWEN_HOST", "0.0.0.0")
    assert isinstance(CliRunner().invoke(command, []).exception, SettingsError)


def test_there_is_no_debug_mode() -> None:
    assert isinstance(CliRunner().invoke(command, ["--debug"]).exception, SettingsError)
