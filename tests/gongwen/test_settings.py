"""Defaults < file < environment; what is wrong is said with its name."""

from pathlib import Path

import pytest

from gongwen.errors import SettingsError
from gongwen.settings import Settings, load_settings


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
