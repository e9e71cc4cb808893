"""`gongwen serve` opens itself to this machine and to no other unless told to."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongwen.cli.serve import check_host, command, why_not
from gongwen.errors import SettingsError
from gongwen.settings import ROOT, Settings

REACHABLE = ["0.0.0.0", "192.0.2.7", "gongwen.example", "::", "::1", ""]


@pytest.mark.parametrize("host", [host for host in REACHABLE if host])
def test_a_host_others_can_reach_is_refused(host: str) -> None:
    answer = CliRunner().invoke(command, ["--host", host])
    assert isinstance(answer.exception, SettingsError)
    assert "连接没有加密" in str(answer.exception)


@pytest.mark.parametrize("host", REACHABLE)
def test_it_can_be_opened_on_purpose_and_warns(host: str) -> None:
    assert "没有加密" in check_host(Settings(host=host), allow_remote=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost"])
def test_this_machine_is_served_without_a_word(host: str) -> None:
    assert check_host(Settings(host=host), allow_remote=False) == ""


def test_it_stays_on_this_machine_by_default() -> None:
    assert check_host(Settings(), allow_remote=False) == ""


def test_a_setting_does_not_open_it_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGWEN_HOST", "0.0.0.0")
    assert isinstance(CliRunner().invoke(command, []).exception, SettingsError)


def serve_fails(folder: Path, *options: str) -> str:
    """What `gongwen serve` says in a process that ends with 2."""
    env = os.environ | {"GONGWEN_CORPUS": str(folder / "corpus"), "GONGWEN_NETWORK_DISK": "true"}
    command = [sys.executable, "-m", "gongwen", "serve", *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_told_with_a_way_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = serve_fails(tmp_path, "--port", str(port))
    assert f"端口 {port} 已被占用，请关闭占用它的程序，或加 --port 8001 换一个端口" in told


def test_the_other_port_is_another_one() -> None:
    taken = OSError(errno.EADDRINUSE, "in use")
    assert "--port 8002 " in why_not(Settings(port=8001), taken)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "云" * 80])
def test_a_host_nobody_knows_is_told(tmp_path: Path, host: str) -> None:
    assert f"找不到主机“{host}”" in serve_fails(tmp_path, "--host", host, "--allow-remote", "--port", "0")


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    told = serve_fails(tmp_path, "--host", "192.0.2.7", "--allow-remote", "--port", "0")
    assert "本机没有地址 192.0.2.7" in told


def test_there_is_no_debug_mode() -> None:
    assert isinstance(CliRunner().invoke(command, ["--debug"]).exception, SettingsError)
