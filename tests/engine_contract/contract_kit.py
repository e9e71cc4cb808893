"""Invented entries and the engines that the contract is asked of. A further engine adds itself to ENGINES."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from index.engine import Entry, Page, Query, SearchEngine
from index.engines import NAMES, engine_class
from index.memory_engine import MemoryEngine
from index.query import Expand, no_expansion
from tests.engine_kit import need

Maker = Callable[[Path, Expand], SearchEngine]

_PARAGRAPHS = (
    "各县（区）科协，市直各有关单位：\n    为深入贯彻落实全民科学素质行动规划纲要，"
    "经研究，决定在全市开展全国科普日活动。",
    "一、活动主题\n　　提升全民科学素质，协力建设科技强市。\n二、活动时间：２０２４年９月１５日至２５日。",
    "三、责任分工。市科协牵头，市教育局、市卫生健康委员会配合，于9月底前将活动总结报市科协科普部。",
    "联系人：周 明 远，电话：0999-5550123；林若溪，手机13900000001。科普e站、科普大篷车同时开放。",
    "四、工作要求。要加强组织领导，严禁借活动之名收费，做好城市长效管理和北京大学生实践团的接待。",
    "附件：1.活动任务分解表\n2.安全应急预案\n3.〔2023〕7号文件复印件",
    "云 州 市 科 学 技 术 协 会\n      2024 年 5 月 30 日",
    "根据《关于做好科技活动周工作的通知》（云科协字〔2023〕7号）要求，结合我市实际制定本方案。",
)


def sample() -> list[Entry]:
    """Forty documents with the odd ones out: no date, no number, spaced names, full-width digits, no text."""
    entries = []
    for at in range(40):
        body = "\n".join(_PARAGRAPHS[(at * step + step) % len(_PARAGRAPHS)] for step in (1, 3, 5, 7)[: 1 + at % 4])
        year, serial = 2020 + at % 5, at + 1
        kind = ("通知", "函", "方案", "")[at % 4]
        lead = ("云州市科学技术协会", "云州市教育局", "")[at % 3]
        entries.append(
            Entry(
                id=f"{at:016x}-1",
                title=f"关于开展{year}年第{serial}次科普活动的{kind or '说明'}",
                text=f"关于开展{year}年\n第{serial}次科普活动的{kind}\n{body}",
                number=f"云科协字〔{year}〕{serial}号" if at % 5 else "",
                number_keys=(f"云科协字|{year}|{serial}",) if at % 5 else (),
                cited_keys=("根据云科协字|2023|7", f"海科发|2022|{at}") if at % 2 else (),
                date=f"{year}-{1 + at % 12:02}-{1 + at % 28:02}" if at % 7 else "",
                fields={
                    "lead": (lead,) if lead else (),
                    "person": ("周 明远",) if at % 6 == 0 else ("何立",),
                    "unit": tuple(one for one in (lead, "安平县人民政府") if one),
                },
                facets={
                    "year": (str(year),),
                    "type": (kind,) if kind else (),
                    "lead": (lead,) if lead else (),
                    "unit": tuple(one for one in (lead, "安平县人民政府") if one),
                },
                meta={"source": f"样本{at}.txt"},
            )
        )
    entries.append(Entry("f" * 16 + "-1", "", ""))
    entries.append(
        Entry("e" * 16 + "-1", "机关生僻字处理 \ue7e3 的函", "姓名\ue7e3、𠮷田，NUL\x00与零宽\u200b字符\ud800。")
    )
    return entries


def crowd() -> list[Entry]:
    """Five hundred entries of the same few sentences in any order, some broken over lines: what meets at their seams
    stands in few, what is inside them in many."""
    rnd = Random(5)
    sentences = [line for text in _PARAGRAPHS for line in text.split("\n")]
    entries = []
    for at in range(500):
        parts = rnd.choices(sentences, k=rnd.randint(2, 12))
        text = "".join(part + rnd.choice(("", "", "\n", f"第{rnd.randint(1, 40)}项")) for part in parts)
        entries.append(Entry(f"c{at:03}", rnd.choice(parts)[:20], text, date=f"20{at % 25:02}-05-30"))
    return entries


def entry(name: str, text: str, **more: object) -> Entry:
    return Entry(name, str(more.pop("title", "")), text, **more)  # type: ignore[arg-type]


def found(engine: SearchEngine, text: str = "", **more: object) -> set[str]:
    return set(page(engine, text, **more).ids)


def page(engine: SearchEngine, text: str = "", **more: object) -> Page:
    return engine.search(Query(text, limit=1000, **more))  # type: ignore[arg-type]


def _memory(_folder: Path, expand: Expand) -> SearchEngine:
    return MemoryEngine(expand)


STORED = NAMES


def _stored(name: str) -> Maker:
    def made(folder: Path, expand: Expand) -> SearchEngine:
        need(name)
        engine = engine_class(name)
        if not folder.exists():
            engine.create(folder)
        return engine(folder, expand=expand)

    return made


ENGINES: dict[str, Maker] = {"memory": _memory, **{name: _stored(name) for name in NAMES}}

__all__ = ["ENGINES", "STORED", "Maker", "crowd", "entry", "found", "no_expansion", "page", "sample"]
