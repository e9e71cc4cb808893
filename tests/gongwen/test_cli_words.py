"""The command line speaks Chinese, also about wrong use."""

import click
import pytest
import regex
from click.testing import CliRunner

from gongwen.cli.main import COMMANDS, cli
from gongwen.cli.words import first_sentence


def run(*args):
    return CliRunner().invoke(cli, list(args), catch_exceptions=False, prog_name="gongwen")


@pytest.fixture(autouse=True)
def _no_corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "none"))


def below(command, path):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from below(command.get_command(context, name), (*path, name))


ALL = [path for path, _ in below(cli, ())]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_has_no_english_of_click(path):
    output = run(*path, "--help").output
    assert output.startswith(" ".join(("用法：gongwen", *path)))
    assert "选项：" in output
    assert "显示帮助" in output
    for english in ("Usage", "Options", "Commands", "Show this", "default", "[OPTIONS]", "COMMAND", "INTEGER", "TEXT",
                    "PATH", "FILE", "DIRECTORY", "QUERY", " ID"):  # fmt: skip
        assert english not in output
    usage = output.splitlines()[0].removeprefix(" ".join(("用法：gongwen", *path)))
    assert not regex.search("[A-Za-z]", usage)


def test_short_helps_are_whole():
    lines = run("--help").output.split("命令：\n")[1].splitlines()
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert not [line for line in lines if "..." in line or "…" in line]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["shwo"], "没有命令 shwo，是不是 show？"),
        (["全无此令"], "没有命令 全无此令"),
        (["export", "yam"], "没有命令 yam，是不是 yaml？"),
        (["search", "--limt", "3"], "没有选项 --limt，是不是 --limit？"),
        (["verify", "-z"], "没有选项 -z"),
        (["show"], "缺少参数：编号"),
        (["extract"], "缺少参数：文件"),
        (["export", "yaml"], "缺少参数：文件夹"),
        (["show", "甲", "乙"], "多出了参数：乙"),
        (["search", "--limit"], "选项 --limit 后面要写值"),
        (["verify", "--json=1"], "选项 --json 后面不能写值"),
        (["search", "--limit", "x", "科普"], "--limit：“x” 不是整数"),
        (["search", "--limit", "3000", "科普"], "--limit：3000 不在允许的范围内（1<=x<=1000）"),
        (["search", "--role", "打杂", "科普"], "--role：不能是 “打杂”，可选：“牵头”、“责任”"),
        (["sample", __file__], "是文件，不是文件夹"),
        (["export", "jsonl", "/"], "是文件夹，不是文件"),
        (["sample", "--formats", "exe", "x"], "--formats：不认识的格式：exe"),
        (["ingest", "--once"], "--once 要与 --watch 同用"),
    ],
)
def test_wrong_use(args, told):
    done = run(*args)
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stderr.startswith("错误：")
    assert not regex.search("Error|Usage|Invalid|No such|Missing|Try ", done.stderr)


def test_nothing_said_shows_the_help():
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "命令：" in done.stderr


def test_version():
    assert run("--version").output.startswith("公文库 ")


def test_first_sentence():
    assert first_sentence("收文：读取、\n    编入索引。不写路径时。") == "收文：读取、编入索引"
    assert first_sentence("检索公文。\n\n    更多") == "检索公文"
