"""The invented world by year: what a body is called, who holds a post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import regex

from gongwen.sampling.manuscript import fill
from gongwen.yamlio import load_file

_SUM = regex.compile(r"y([+-]\d+)?")


@cache
def facts() -> dict[str, Any]:
    loaded: dict[str, Any] = load_file(Path(__file__).with_name("world.yml"))
    return loaded


def variables(year: int, own: Mapping[str, str]) -> Callable[[str], str]:
    """What `{…}` stands for in a manuscript: its own words, `y+1`, `u.kx` (full name), `s.kx` (short name), `p.kx.1`
    (who holds the first post), `r.kx.1` (a roster row: name and post), `phones.kpb`, `mails.kpb`."""

    def look_up(name: str) -> str:
        if name in own:
            return own[name]
        match = _SUM.fullmatch(name)
        if match is not None:
            return str(year + int(match[1] or 0))
        kind, _, rest = name.partition(".")
        if kind in {"u", "s"}:
            return _unit(rest, year)[0 if kind == "u" else 1]
        if kind in {"p", "r"}:
            unit, _, place = rest.partition(".")
            leader = facts()["leaders"][unit][int(place or 1) - 1]
            holder = _valid(leader["held"], year)
            return holder if kind == "p" else f"{holder} | {leader['post']}"
        return str(facts()[kind][rest])

    return look_up


def _unit(key: str, year: int) -> list[str]:
    return _valid(facts()["units"][key]["names"], year).split("/")


def _valid(by_year: Mapping[str, str], year: int) -> str:
    """The entry in force in this year."""
    return by_year[max(start for start in by_year if int(start) <= year)]


def names() -> set[str]:
    """Every person of the world."""
    held = {name for posts in facts()["leaders"].values() for post in posts for name in post["held"].values()}
    return held | set(facts()["people"])


def printed(text: str, year: int, own: Mapping[str, str]) -> str:
    return fill(text, variables(year, own))
