"""`python -m gongwen COMMAND`: commands are loaded when they are called, so a slow room costs only its users."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from gongwen import VERSION
from gongwen.errors import GongwenError

COMMANDS: dict[str, str] = {
    # command name: module of gongwen.cli that holds a click command `command`
    "ingest": "ingest",
    "extract": "extract",
    "search": "search",
    "show": "show",
    "serve": "serve",
    "rebuild": "rebuild",
    "verify": "verify",
    "doctor": "doctor",
    "rules": "rules",
    "units": "units",
    "export": "export",
    "sample": "sample",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"gongwen.cli.{COMMANDS[cmd_name]}").command
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="gongwen")
def cli() -> None:
    """公文库：收文、抽取、检索。"""


def main() -> None:
    """Exit 0: done; 2: wrong use or settings; 3: some files were not read."""
    try:
        cli(prog_name="gongwen")
    except GongwenError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(2)
