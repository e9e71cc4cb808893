"""Extraction as the sandbox's children run it: named by compose, loaded once by the nursery, shared by its forks."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extract.pipeline import REVISION, extract
from gongwen.document import Block, Document
from gongwen.record import Record
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import Settings
from gongwen.text import Span

_SAMPLE = """云州市科学技术协会文件
云科协字〔2024〕12号
云州市科学技术协会关于开展2024年全国科普日活动的通知
各县（区）科协，市级各学会：
为贯彻《海西省科普条例》（海政发〔2023〕5号）精神，现将有关事项通知如下。
一、活动主题
提升全民科学素质
二、活动时间和地点
2024年9月15日至9月20日，云州市文化广场。
三、组织单位
主办单位：云州市科学技术协会、云州市教育局
承办单位：临江县科协
协办单位：各县（区）学校
四、主要任务
（一）举办科普讲座不少于20场。（牵头单位：市科协；责任单位：市教育局、各县区；完成时限：2024年10月底）
五、成立领导小组
组  长：周明远  市科协主席
副组长：林若溪  市科协副主席
成  员：何  立  市教育局科长
请于2024年10月20日前将总结报市科协办公室。
联系人：何立，电话：0999-5550123、13900000001，邮箱：kp@example.com。
附件：1.活动安排表
云州市科学技术协会
2024年8月1日
（此件公开发布）
抄送：市委办公室，市政府办公室。
云州市科学技术协会办公室  2024年8月1日印发"""


class Deriver:
    """Rules at work on Documents."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.fingerprint = fingerprint(rulebook)

    def __call__(self, document: Document) -> list[Record]:
        return extract(document, self._rulebook)


def prepare(rules: str | None) -> Deriver:
    """Rules loaded and tried once on a made-up paper: what is built at first use costs 80 ms, and a child that had
    to build it would take it to its grave."""
    derive = Deriver(load_rulebook(Settings(rules=Path(rules) if rules else None)))
    derive(_sample())
    return derive


def fingerprint(rulebook: Rulebook) -> str:
    """Names the extractor and the rules: another fingerprint, other records."""
    return hashlib.sha256(f"extract/{REVISION} {rulebook.fingerprint}".encode()).hexdigest()[:16]


def _sample() -> Document:
    blocks: list[Block] = []
    at = 0
    for line in _SAMPLE.split("\n"):
        blocks.append(Block("paragraph", Span(at, at + len(line))))
        at += len(line) + 1
    return Document("0" * 64, _SAMPLE, tuple(blocks), "sample/1", "text/plain")
