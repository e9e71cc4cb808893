"""The command line in Chinese: headings, metavars and what click says of wrong use.

click takes its words from gettext, which needs a catalogue and the right environment variables; an office's terminal
has whatever it has. So they are replaced where click lets us: context, formatter, and the errors' own fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import click
import regex

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_HELP_WORDS = (("Show this message and exit.", "显示帮助"), ("[default: ", "[默认："), ("[required]", "[必填]"))
_METAVARS = {
    "paths": "[文件或文件夹]...", "path": "文件", "files": "文件...", "file": "文件", "folder": "文件夹",
    "words": "[检索词]...", "address": "编号",
}  # fmt: skip
"""By the name of an argument; one that says its metavar itself in Chinese keeps it."""
_TYPES: tuple[tuple[type[click.ParamType[Any]], str], ...] = (
    (click.types.IntParamType, "整数"), (click.types.FloatParamType, "数"), (click.types.StringParamType, "文字"),
    (click.Path, "路径"),
)  # fmt: skip
_NUMBERS = {"integer": "整数", "integer range": "整数", "float": "数", "float range": "数"}


class Formatter(click.HelpFormatter):
    """Help under Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _help(text)) for name, text in rows], col_max, col_spacing)


class Context(click.Context):
    formatter_class = Formatter


def dress(command: click.Command) -> click.Command:
    """A command, and those below it, with Chinese help. Short helps are the first sentence, never cut."""
    command.context_class = Context
    command.options_metavar = "[选项]" if command.options_metavar else command.options_metavar
    command.short_help = command.short_help or first_sentence(command.help or "")
    for param in command.params:
        if param.metavar is None or param.metavar.isascii():
            param.metavar = _metavar(param)
        if isinstance(param, click.Argument) and param.name and command.help:
            command.help = _named(command.help, param)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]..."
        for below in command.commands.values():
            dress(below)
    return command


def first_sentence(text: str) -> str:
    paragraph = inspect.cleandoc(text).split("\n\n", 1)[0]
    return paragraph.replace("\n", "").split("。", 1)[0]


def spoken(error: click.ClickException) -> str:
    """What was wrong and, when it is known, what would be right."""
    if isinstance(error, click.MissingParameter):
        kind = "选项" if isinstance(error.param, click.Option) else "参数"
        return f"缺少{kind}：{_hint(error)}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}{_nearest(error.possibilities)}"
    if isinstance(error, click.NoSuchCommand):
        return f"没有命令 {error.command_name}{_nearest(get_close_matches(error.command_name, _commands(error.ctx)))}"
    if isinstance(error, click.BadParameter):
        hint = _hint(error)
        return f"{hint}：{_sentence(error.message)}" if hint else _sentence(error.message)
    return _sentence(error.message)


def tell(error: click.ClickException) -> None:
    """On standard error: what was wrong, the usage, where the help is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    click.echo(f"错误：{spoken(error)}", err=True)
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
        click.echo(f"运行 {context.command_path} --help 查看用法。", err=True)


def _metavar(param: click.Parameter) -> str | None:
    if isinstance(param, click.Argument):
        return _METAVARS.get(param.name or "", param.metavar)
    if isinstance(param, click.Option) and (param.is_flag or param.count):
        return param.metavar
    return next((word for kind, word in _TYPES if isinstance(param.type, kind)), param.metavar)


def _named(text: str, param: click.Argument) -> str:
    """Help that speaks of PATHS as click prints them, with the word that the usage shows now."""
    word = (param.metavar or "").strip("[].")
    return regex.sub(rf" ?\b{regex.escape(param.name.upper())}\b ?", word, text) if word else text


def _help(text: str) -> str:
    for english, chinese in _HELP_WORDS:
        text = text.replace(english, chinese)
    return text


def _hint(error: click.BadParameter) -> str:
    hint = error.param_hint
    if hint is None and error.param is not None:
        options = isinstance(error.param, click.Option)
        hint = error.param.opts if options else (error.param.metavar or error.param.name or "").strip("[].")
    return hint if isinstance(hint, str) else "、".join(hint or ())


def _nearest(names: Sequence[str] | None) -> str:
    """The best one; click lists them best first."""
    return f"，是不是 {names[0]}？" if names else ""


def _commands(context: click.Context | None) -> list[str]:
    if context is None or not isinstance(context.command, click.Group):
        return []
    return context.command.list_commands(context)


_Found = regex.Match[str]
_SENTENCES: tuple[tuple[str, Callable[[_Found], str]], ...] = (
    (r"Missing command\.", lambda found: "没有写命令"),
    (r"Got unexpected extra arguments? \((.*)\)", lambda found: f"多出了参数：{found[1]}"),
    (r"Option '(.*)' requires an argument\.", lambda found: f"选项 {found[1]} 后面要写值"),
    (r"Option '(.*)' does not take a value\.", lambda found: f"选项 {found[1]} 后面不能写值"),
    (r"(.*) is not a valid (.*)\.", lambda found: f"{found[1]} 不是{_NUMBERS.get(found[2], '可用的值')}"),
    (r"(.*) is not in the range (.*)\.", lambda found: f"{found[1]} 不在允许的范围内（{found[2]}）"),
    (r"(.*) is not one of (.*)\.", lambda found: f"不能是 {found[1]}，可选：{found[2].replace(', ', '、')}"),
    (r"(?:File|Directory|Path) (.*) does not exist\.", lambda found: f"找不到 {found[1]}"),
    (r"Directory (.*) is a file\.", lambda found: f"{found[1]} 是文件，不是文件夹"),
    (r"File (.*) is a directory\.", lambda found: f"{found[1]} 是文件夹，不是文件"),
    (r"(?:File|Directory|Path) (.*) is not readable\.", lambda found: f"没有读取 {found[1]} 的权限"),
    (r"(?:File|Directory|Path) (.*) is not writable\.", lambda found: f"没有写入 {found[1]} 的权限"),
)
"""click's messages that our parameters can cause (8.5); what matches none is our own and Chinese already."""

_QUOTED = regex.compile(r"'([^']*)'")


def _sentence(message: str) -> str:
    for pattern, say in _SENTENCES:
        found = regex.fullmatch(pattern, message, regex.DOTALL, timeout=1)
        if found is not None:
            return _QUOTED.sub(r"“\1”", say(found))
    return message
