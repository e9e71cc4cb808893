"""A mail of what saved searches found since somebody was last told: text and HTML, ready to be sent by whatever mail
program the office has. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markupsafe import Markup, escape

from gongwen.saved import SavedSearch
from web.facts import chinese_date
from web.ports import Finder
from web.saved import Arrived, asked_of, ids_of, latest
from web.sheets import printable

MOST = 50
"""Papers of a search that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class News:
    """`ids` are all papers of a search that nobody was told of, `papers` the ones to list."""

    saved: SavedSearch
    ids: tuple[str, ...]
    papers: tuple[Arrived, ...]


def news_of(
    saved: SavedSearch, told: frozenset[str], finder: Finder, arrivals: Callable[[], Mapping[str, str]], today: str
) -> News | None:
    """None when there is nothing new."""
    fresh = tuple(one for one in ids_of(saved, finder, today) if one not in told)
    return News(saved, fresh, tuple(latest(fresh, arrivals(), finder, MOST))) if fresh else None


def digest(news: Sequence[News], *, site: str, office: str, now: datetime, to: str = "") -> bytes:
    """A message that mail programs open as a draft (X-Unsent), with the address of the site for its links."""
    message = EmailMessage(policy=SMTP)
    total = sum(len(one.ids) for one in news)
    names = "、".join(one.saved.name for one in news[:3]) + ("等" if len(news) > 3 else "")
    message["Subject"] = _header(f"{office}：{names}新到公文 {total} 件")
    message["Date"] = format_datetime(now)
    if to:
        message["To"] = _header(to)
    message["X-Unsent"] = "1"
    message.set_content("\n".join(_text(one, site) for one in news), cte="base64")
    message.add_alternative(str(_html(news, site, office)), subtype="html", cte="base64")
    return message.as_bytes()


def _header(text: str) -> str:
    """One line, whatever a search was named."""
    return " ".join(printable(text).split())[:200]


def _text(one: News, site: str) -> str:
    lines = [f"【{one.saved.name}】新到 {len(one.ids)} 件", ""]
    for paper in one.papers:
        lines += [paper.title, *([facts] if (facts := _facts(paper)) else []), f"{site}/d/{paper.id}", ""]
    lines += [_more(one)] if _more(one) else []
    return printable("\n".join([*lines, f"全部结果：{site}{asked_of(one.saved).url()}", ""]))


def _html(news: Sequence[News], site: str, office: str) -> Markup:
    head = Markup('<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{}</title></head><body>')
    parts = [head.format(office)]
    for one in news:
        address = f"{site}{asked_of(one.saved).url()}"
        parts.append(Markup('<h2><a href="{}">{}</a>：新到 {} 件</h2><ul>').format(
            address, _plain(one.saved.name), len(one.ids)))  # fmt: skip
        for paper in one.papers:
            parts.append(Markup('<li><a href="{}">{}</a><br>{}</li>').format(
                f"{site}/d/{paper.id}", _plain(paper.title), _plain(_facts(paper))))  # fmt: skip
        parts.append(Markup("</ul><p>{}</p>").format(_more(one)))
    parts.append(Markup("<p>抽取结果仅供查阅，以原件为准。</p></body></html>"))
    return Markup("").join(parts)


def _plain(text: str) -> Markup:
    return escape(printable(text))


def _facts(paper: Arrived) -> str:
    return "　".join(one for one in (paper.number, paper.issuers, chinese_date(paper.date)) if one)


def _more(one: News) -> str:
    rest = len(one.ids) - len(one.papers)
    return f"另有 {rest} 件没有列出。" if rest else ""
