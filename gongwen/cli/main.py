"""`python -m gongwen COMMAND`: commands are loaded when they are called, so a slow room costs only its users."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from gongwen import VERSION
from gongwen.cli.words import Context, dress, tell
from gongwen.errors import GongwenError

COMMANDS: dict[str, str] = {
    # command name: module of gongwen.cli that holds a click command `command`
    "ingest": "ingest",
    "extract": "extract",
    "search": "search",
    "show": "show",
    "digest": "digest",
    "serve": "serve",
    "status": "status",
    "token": "token",
    "user": "user",
    "trail": "trail",
    "withdraw": "withdraw",
    "retention": "retention",
    "tasks": "tasks",
    "people": "people",
    "deadlines": "deadlines",
    "cites": "cites",
    "audit": "audit",
    "retry": "retry",
    "unlock": "unlock",
    "review": "review",
    "rebuild": "rebuild",
    "verify": "verify",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
    "rules": "rules",
    "units": "units",
    "draft": "draft",
    "check": "check",
    "export": "export",
    "sample": "sample",
}


class _Lazy(click.Group):
    context_class = Context

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """As click's, with wrong use told in Chinese and always exit 2."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            tell(error)
            sys.exit(2)
        except click.Abort:
            click.echo("已中断。", err=True)
            sys.exit(3)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"gongwen.cli.{COMMANDS[cmd_name]}").command
        return dress(command)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
)
@click.version_option(VERSION, prog_name="公文库", message="%(prog)s %(version)s", help="显示版本")
def cli() -> None:
    """公文库：收文、抽取、检索。"""


def main() -> None:
    """Exit 0: done; 2: wrong use or settings; 3: some files were not read."""
    try:
        cli(prog_name="gongwen")
    except GongwenError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(2)
