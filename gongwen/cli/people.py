"""`people`: the roles of persons by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from gongwen.cli.lists import catalogue, echo_rows, echo_total, list_options, paper_line, read_options
from gongwen.errors import SettingsError
from gongwen.labels import ROLES
from index.catalogue.ledger import Filter, LedgerRow, find_roles
from index.catalogue.persons import person_facts, person_keys
from index.catalogue.tables import PERSON_ROLES
from index.catalogue.units import names_of


@click.command("people")
@click.argument("name", metavar="[姓名]", required=False)
@list_options(*PERSON_ROLES)
def command(name: str | None, **asked: Any) -> None:
    """列出人员在公文中的角色：小组成员、联系人、签发人，由近及远。同名者可能不是同一人，请核对单位。"""
    with catalogue() as opened:
        options = read_options(opened, asked)
        keys: tuple[int, ...] = ()
        if name:
            keys = opened.ask(lambda connection: person_keys(connection, name))
            if not keys:
                raise SettingsError(f"公文中没有名叫“{name}”的人")
        units = opened.ask(lambda connection: names_of(connection, options.units))
        wanted = Filter(keys, options.roles or PERSON_ROLES, options.years, options.start, options.end, bodies=units)
        found = opened.ask(lambda connection: find_roles(connection, wanted, limit=options.limit))
        facts = opened.ask(lambda connection: person_facts(connection, name, limit=1)) if name else None
    echo_rows(found.rows, _lines, as_json=options.as_json)
    echo_total(found, "条", as_json=options.as_json)
    if facts and facts.may_be_several and not options.as_json:
        told = "、".join(unit or "未注明单位" for unit, _ in facts.bodies)
        click.echo(f"注意：同名者可能不是同一人。出现过的单位：{told}。", err=True)


def _lines(row: LedgerRow) -> Iterator[str]:
    told = "　".join(one for one in (row.name, row.rank or ROLES[row.role], row.post) if one)
    yield f"{told}；{row.matter}" if row.matter else told
    yield paper_line(row.paper, row.page)
