"""A desk of review over an invented corpus with doubts of every kind, and forms sent as a browser sends them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import tree
from flask import Flask
from flask.testing import FlaskClient
from papers_kit import county_notice, letter, plan

from gongwen.acts import Review
from gongwen.record import Evidence, Issue
from gongwen.resolving import name_of, resolve_all
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store
from gongwen.targets import Target, targets
from index.doubt_store import Doubts, open_doubts
from web.app import create_app
from web.review_desk import Nobody, ReviewDesk

WHO = "林若溪"
SIGNED = "林若溪（未登录）"


def doubtful(year: int = 2024) -> Made:
    """A plan whose number is printed badly, whose signature is not its letterhead, with two dates and a weak rule."""
    made = make(
        f"收件/{year}年科普讲师选聘通知.pdf",
        f"""
        =1=
        ~⟦letterhead/0|云州市科学技术协汇文件⟧
        ⟦document_number=云科协字〔{year}〕31号|云科协字({year})31号⟧
        ^⟦title|关于选聘{year}年科普讲师的⟦doc_type|通知⟧⟧
        ⟦addressees/0|各县（区）科学技术协会⟧：
        请于⟦deadlines/0/date={year}-10-20|10月20日前⟧将⟦deadlines/0/action|推荐表⟧报⟦deadlines/0/to|市科协科普部⟧。
        联系人：⟦contacts/0/name|何立⟧，电话：⟦contacts/0/phones/0|0999-5550123⟧、⟦contacts/0/phones/1|13900000001⟧。
        ⟦issuers/0|云州市科学技术协会⟧
        ⟦issue_date={year}-09-30|{year}年9月30日⟧
        =2=
        _印发日期：{year}年9月28日
        """,
        extra={"deadlines": [{"date": f"{year}-10-20", "text": "10月20日前", "recurrence": None, "who": [],
                              "action": "推荐表", "to": "市科协科普部", "kind": "duty"}]},
    )  # fmt: skip
    record = made.reading.documents[0]
    place = record.evidence["document_number"][0].span
    head = record.evidence["letterhead/0"][0].span
    record.issues += [
        Issue("bracket_variant", "document_number", "文号的括号或写法不规范，已按〔〕统一", place),
        Issue("ocr_doubtful", "letterhead", "“云州市科学技术协汇文件”由扫描件识别，把握不大，请核对", head),
        Issue("unbalanced_bracket", "", "“推荐表（见附件”中的“（”不成对", None),
    ]
    at = made.document.text.index(f"{year}年9月28日")
    other = Evidence(at, at + 10, made.document.text[at : at + 10], "issue_date/imprint", 0.85)
    record.candidates["issue_date"] = [{"value": f"{year}-09-28", "evidence": [other.to_json()]}]
    weak = record.evidence["deadlines/0/action"]
    record.evidence["deadlines/0/action"] = [replace(one, score=0.6, rule="deadlines/sentence") for one in weak]
    return made


def doubtful_corpus() -> list[Made]:
    return [doubtful(), doubtful(2023), plan(2024, 12), county_notice(2024, "临江县", 3), letter(2024)]


def past(made: Made, field: str, saw: Any, say: Any, by: str = "周明远") -> Review:
    """An act that somebody has done before."""
    return Review(name_of(made.reading.documents[0]), field, saw, say, by, "2024-10-08T09:30:00+08:00", part=1)


class Bench:
    """A site with a desk, asked as a person at a browser would: forms carry the token of their page."""

    def __init__(self, folder: Path, made: list[Made], follow: Any = None) -> None:
        self.made = made
        self.store: Store = new_store(folder, made)
        self.settings = Settings(corpus=folder, network_disk=True)
        self.doubts: Doubts = open_doubts(self.settings)
        self.doubts.rebuild()
        desk = ReviewDesk(self.store, self.doubts, follow or Nobody(self.doubts), lambda: load_rulebook(Settings()))
        self.app: Flask = create_app(self.settings, papers=self.store, finder=PlainFinder(made), review=desk)
        self.client: FlaskClient = self.app.test_client()

    def address(self, at: int = 0) -> str:
        return self.made[at].reading.documents[0].id

    def target(self, *, at: int = 0, **wanted: Any) -> Target:
        """The first target of a paper with these attributes."""
        made = self.made[at].reading
        found = resolve_all(made.documents, self.store.reviews(made.sha256))[0]
        return next(one for one in targets(found) if all(getattr(one, key) == each for key, each in wanted.items()))

    def value(self, path: str, at: int = 0) -> Any:
        """What stands at a path of a paper now."""
        made = self.made[at].reading
        here: Any = resolve_all(made.documents, self.store.reviews(made.sha256))[0].record.values
        for step in path.split("/"):
            here = here[int(step)] if isinstance(here, list) else here[step]
        return here

    def page(self, target: Target, at: int = 0, **args: str) -> Any:
        return self.client.get(f"/d/{self.address(at)}/value/{target.key}", query_string=args)

    def fields(self, page: Any) -> dict[str, str]:
        """The hidden fields of the form of judging on a page."""
        found = tree(page).xpath("//form[@data-judge]//input[@type='hidden']")
        return {one.get("name"): one.get("value") for one in found}

    def act(self, target: Target, verb: str, at: int = 0, *, client: FlaskClient | None = None, **more: str) -> Any:
        """Open the card of a value and press a button."""
        client = client or self.client
        address = f"/d/{self.address(at)}/value/{target.key}"
        fields = self.fields(client.get(address))
        return client.post(address, data={"who": WHO, **fields, "verb": verb, **more})

    def token(self, client: FlaskClient | None = None) -> str:
        """A token of any page that holds a form."""
        page = tree((client or self.client).get(f"/d/{self.address()}/value/{self.target(name='title').key}"))
        return str(page.xpath("//input[@name='form_token']/@value")[0])
