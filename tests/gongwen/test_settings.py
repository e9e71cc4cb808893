"""Defaults < file < environment; what is wrong is said with its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongwen.errors import SettingsError
from gongwen.settings import ROOT, Settings, load_settings


def test_defaults(tmp_path):
    assert load_settings({}, tmp_path) == Settings()


def test_file_then_environment(tmp_path):
    (tmp_path / "gongwen.yml").write_text("corpus: data\nport: '0900'\n", encoding="utf-8")
    found = load_settings({"GONGWEN_PORT": "8100"}, tmp_path)
    assert (found.corpus, found.port) == ((tmp_path / "data").resolve(), 8100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour: red\n", "没有名为 colour"),
        ("port: many\n", "应当是整数"),
        ("- a\n", "名称: 值"),
        ("a: 1\na: 2\n", "twice"),
    ],
)
def test_wrong_file(tmp_path, text, message):
    (tmp_path / "gongwen.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings({}, tmp_path)


def test_named_file_must_exist(tmp_path):
    with pytest.raises(SettingsError, match="不存在"):
        load_settings({"GONGWEN_SETTINGS": str(tmp_path / "none.yml")})


def test_paths_are_absolute(tmp_path):
    assert load_settings({"GONGWEN_CORPUS": "x"}, tmp_path).corpus == Path.cwd() / "x"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_that_may_not_be_looked_into(tmp_path):
    """Root's own, by runuser as the guide says: no settings there, but a file that was named must be readable."""
    held = tmp_path / "held"
    held.mkdir(mode=0o700)
    (held / "gongwen.yml").write_text("port: 8123\n", encoding="utf-8")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom gongwen.settings import is_there, load_settings\n"
        "from gongwen.errors import SettingsError\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "held = Path(sys.argv[1])\nassert load_settings({}, held).port == 8000 and not is_there(held / 'gongwen.yml')\n"
        "try:\n    load_settings({'GONGWEN_SETTINGS': str(held / 'gongwen.yml')})\n"
        "except SettingsError as error:\n    sys.exit(0 if '没有读取设置' in str(error) else 3)\nsys.exit(4)\n"
    )
    command = [sys.executable, "-c", code, str(held)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
