"""Invented papers of a city, as a lexicon sees them."""

from __future__ import annotations

from pathlib import Path

from index.engine import Entry
from index.lexicon import Lexicon

PAPERS = [
    # id, title, number, date, units, people
    ("a" * 16 + "-1", "关于举办2024年全国科普日活动的通知", "云科协字〔2024〕45号", "2024-09-03",
     ("市科协", "云州市科学技术协会", "云州市教育局"), ("周明远", "单志强")),
    ("b" * 16 + "-1", "关于印发《科普大篷车巡展实施方案》的通知", "云科协字〔2024〕5号", "2024-02-01",
     ("市科协", "云州市科学技术协会"), ("周明远",)),
    ("c" * 16 + "-1", "关于商请支持青少年科技创新大赛的函", "云教函〔2023〕45号", "2023-05-12",
     ("云州市教育局", "共青团云州市委员会"), ("林若溪",)),
    ("d" * 16 + "-1", "全国科普日工作总结", "", "", ("云州市重庆路小学",), ("欧阳静", "周 明")),
]  # fmt: skip


def paper(at: int, **changes: object) -> Entry:
    name, title, number, date, units, people = PAPERS[at]
    found = {
        "title": title, "text": "", "number": number, "date": date, "fields": {"unit": units, "person": people},
        "number_keys": (number.replace("〔", "|").replace("〕", "|").rstrip("号"),) if number else (),
    }  # fmt: skip
    return Entry(name, **(found | changes))  # type: ignore[arg-type]


def filled(folder: Path) -> Lexicon:
    made = Lexicon.create(folder)
    made.update([paper(at) for at in range(len(PAPERS))])
    return made
