"""The workshop by plain forms: starting, settling, writing, moving, undoing, taking sentences, the Word file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from dom_kit import tree
from workshop_kit import SIGNED, WHO, Drafting

from draft.workshop.sentence import NOTE

ANOTHER = "周明远"


@pytest.fixture
def site(tmp_path: Path) -> Drafting:
    return Drafting(tmp_path)


@pytest.fixture
def draft(site: Drafting) -> str:
    return site.start()


def first_flag(site: Drafting, draft: str, act: str) -> str:
    work = site.work(draft)
    for target in work.open:
        _, sentence, key = work.find(target) or (None, None, NOTE)
        if key != NOTE and sentence is not None and sentence.change(key).act == act:
            return target
    raise AssertionError(act)


def test_a_paper_leads_to_the_next_year(site: Drafting) -> None:
    page = tree(site.client.get(f"/d/{site.ids[1]}"))
    link = page.xpath("//a[normalize-space()='起草下一年']/@href")[0]
    form = tree(site.client.get(link))
    assert form.xpath("//input[@name='year']/@value") == ["2024", "2024"]  # of both forms
    assert form.xpath("//input[@type='checkbox'][@checked]/@value") == [site.ids[1]]


def test_a_draft_is_made_and_shown_beside_last_year(site: Drafting, draft: str) -> None:
    page = tree(site.client.get(f"/drafts/{draft}"))
    work = site.work(draft)
    assert page.xpath("string(//b[@data-progress])") == f"已处理 0 / {work.asked}"
    assert work.asked > 20
    new, old = page.xpath("//div[@class='new']")[0], page.xpath("//div[@class='old']")[0]
    assert "2024年" in new.text_content()
    assert "2023年" in old.text_content()
    assert len(page.xpath("//a[@data-flag][starts-with(@id, 'f-')]")) == work.asked
    assert page.xpath("//nav[@aria-label='提纲']//a")
    assert page.xpath("//table//td//a[contains(@class, 'flag')]")
    listed = tree(site.client.get("/drafts"))
    assert listed.xpath(f"//a[@href='/drafts/{draft}']")


def test_wrong_years_are_told_on_the_form(site: Drafting) -> None:
    token = site.token(f"/drafts/new?from={site.ids[1]}")
    data = {"from": site.ids[1], "year": "2023", "who": WHO, "form_token": token}
    answer = site.client.post("/drafts", data=data)
    assert answer.status_code == 422
    assert "更早年份" in tree(answer).xpath("string(//*[@role='alert'])")


def test_settling_leads_to_the_next_flag(site: Drafting, draft: str) -> None:
    first, second = site.work(draft).open[:2]
    page = tree(site.client.get(f"/drafts/{draft}?flag={first}"))
    card = page.xpath("//section[@data-card]")[0]
    assert card.xpath(".//a[@data-source]")
    answer = site.settle(draft, first, "keep" if card.xpath(".//button[@value='keep']") else "cut")
    assert f"flag={second}" in answer.headers["Location"]
    assert site.work(draft).settled == 1
    assert [one.by for one in site.work(draft).acts] == [SIGNED]


def test_old_values_typed_ones_and_cuts(site: Drafting, draft: str) -> None:
    target = first_flag(site, draft, "blank")
    line, sentence, key = site.work(draft).find(target)
    old = sentence.change(key).old
    site.settle(draft, target, "old")
    assert old in site.work(draft).line(line.id).text
    target = first_flag(site, draft, "blank")
    line = site.work(draft).find(target)[0]
    site.settle(draft, target, "type", "提升科学素质 建设科技强国")
    assert "提升科学素质 建设科技强国" in site.work(draft).line(line.id).text
    assert site.settle(draft, first_flag(site, draft, "blank"), "type", " ").status_code == 400


def test_the_second_person_is_told_and_loses_nothing(site: Drafting, draft: str) -> None:
    other = site.app.test_client()
    target = first_flag(site, draft, "blank")
    line = site.work(draft).find(target)[0]
    site.settle(draft, target, "type", "甲")
    answer = site.act(draft, client=other, who=ANOTHER, verb="write", line=line.id, seen=str(line.seen),
                      target=line.sentences[0].id, text="乙写的话")
    assert answer.status_code == 409
    told = tree(answer).xpath("string(//*[@role='alert'])")
    assert "乙写的话" in told
    assert SIGNED in told
    assert "甲" in site.work(draft).line(line.id).text
    answer = site.act(draft, client=other, json=True, verb="write", line=line.id, seen=str(line.seen),
                      target=line.sentences[0].id, text="乙写的话")
    assert (answer.status_code, answer.get_json()["by"]) == (409, SIGNED)
    assert answer.get_json()["now"] == site.work(draft).line(line.id).text


def test_typing_saves_and_is_undone_as_one(site: Drafting, draft: str) -> None:
    line = next(one for one in site.work(draft).live if one.item.kind == "paragraph")
    seen = line.seen
    for text in ("改", "改写", "改写了"):
        answer = site.act(draft, json=True, verb="write", line=line.id, seen=str(seen), target=line.sentences[0].id,
                          text=text, batch="typing")
        seen = answer.get_json()["seen"]
    assert site.work(draft).line(line.id).sentences[0].text == "改写了"
    undo = tree(site.client.get(f"/drafts/{draft}")).xpath("//form[@data-undo]//input[@name='takes_back']/@value")
    assert site.act(draft, verb="undo", takes_back=undo[0]).status_code == 303
    assert site.work(draft).line(line.id).text == line.text


def test_paragraphs_are_moved_removed_and_added(site: Drafting, draft: str) -> None:
    ids = [one.id for one in site.work(draft).live]
    page = tree(site.client.get(f"/drafts/{draft}?edit={ids[4]}"))
    forms = page.xpath(f"//section[@id='l-{ids[4]}']//div[@class='skeleton']//form")
    told = ["".join(one.text_content().split()) for one in forms]
    assert told == ["上移", "下移", "删去本段"]
    up = forms[0].xpath(".//input[@name='after']/@value")[0]
    site.act(draft, verb="move", line=ids[4], seen="0", after=up)
    assert [one.id for one in site.work(draft).live][:5] == [*ids[:3], ids[4], ids[3]]
    site.act(draft, verb="remove", line=ids[3], seen="0")
    assert ids[3] not in [one.id for one in site.work(draft).live]
    site.act(draft, verb="add", after=ids[4], text="新加的要求。\n分两行。", kind="heading-1")
    added = next(one for one in site.work(draft).live if one.is_added)
    assert (added.text, added.item.kind, added.item.level) == ("新加的要求。 分两行。", "heading", 1)


def test_a_sentence_is_taken_with_its_source(site: Drafting, draft: str) -> None:
    behind = site.work(draft).live[3].id
    page = tree(site.client.get(f"/drafts/{draft}/take?after={behind}&paper={site.ids[0]}"))
    form = page.xpath("//ol[@class='take-list']//form")[5]
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert site.client.post(f"/drafts/{draft}/act", data=fields).status_code == 303
    added = next(one for one in site.work(draft).live if one.is_added)
    source = added.sentences[0].base.source
    text = site.store.text(site.made[0].reading.sha256).text
    assert source.id == site.ids[0]
    assert " ".join(text[source.start : source.end].split()) == added.text
    assert site.client.post(f"/drafts/{draft}/act", data={**fields, "text": "没有这句话"}).status_code == 400
    link = tree(site.client.get(f"/drafts/{draft}")).xpath(f"//section[@id='l-{added.id}']//a[@target]/@href")[0]
    assert site.ids[0] in site.client.get(link).headers["Location"]


def test_the_word_file_at_any_time(site: Drafting, draft: str) -> None:
    target = first_flag(site, draft, "blank")
    site.settle(draft, target, "type", "已经写好的内容")
    answer = site.client.get(f"/drafts/{draft}/draft.docx")
    assert "UTF-8''" in answer.headers["Content-Disposition"]
    word = Document(BytesIO(answer.data))
    text = "\n".join(one.text for one in word.paragraphs)
    assert "已经写好的内容" in text
    assert "【待核：" in text
    marked = [run.text for one in word.paragraphs for run in one.runs if run.font.highlight_color is not None]
    assert "已经写好的内容" not in marked
    listed = Document(BytesIO(site.client.get(f"/drafts/{draft}/draft.docx?changes=1").data))
    rows = [[cell.text for cell in row.cells] for row in listed.tables[-1].rows]
    assert rows[0] == ["序号", "上年", "今年", "处理", "依据"]
    assert any(row[2] == "已经写好的内容" and "已由人处理" in row[3] for row in rows)


def test_letterhead_and_form_are_chosen(site: Drafting, draft: str) -> None:
    site.act(draft, verb="head", line="head", seen="0", names="云州市科学技术协会\n云州市教育局\n", text="letter")
    assert site.work(draft).letterhead == ["云州市科学技术协会", "云州市教育局"]
    assert site.work(draft).form == "letter"


def test_what_is_no_form_of_ours_is_refused(site: Drafting, draft: str) -> None:
    line = site.work(draft).live[3]
    for form in ({"verb": "explode"}, {"verb": "write", "line": line.id, "target": "99-9", "text": "甲"},
                 {"verb": "move", "line": line.id, "after": "77"}, {"verb": "add", "text": " "},
                 {"verb": "add", "text": "甲", "kind": "table"}, {"verb": "undo", "takes_back": "99"},
                 {"verb": "head", "text": "letter", "names": ""}):
        assert site.act(draft, **form).status_code == 400, form
    assert site.client.post(f"/drafts/{draft}/act", data={"verb": "undo"}).status_code == 400  # no token
    for address in ("/drafts/000000000000", f"/drafts/{draft}x", f"/drafts/{draft}/take?after=99", "/drafts/look/x/1"):
        assert site.client.get(address).status_code == 404, address


def test_who_did_what_is_told(site: Drafting, draft: str) -> None:
    site.settle(draft, first_flag(site, draft, "blank"), "type", "甲")
    told = site.client.get(f"/drafts/{draft}/acts", headers={"Accept": "application/json"}).get_json()["acts"]
    assert [(one["by"], one["what"], one["text"]) for one in told] == [(SIGNED, "填写", "甲")]
    assert SIGNED in tree(site.client.get(f"/drafts/{draft}/acts")).text_content()


def test_a_site_without_a_workshop_drafts_nothing(client, made) -> None:
    assert client.get("/drafts").status_code == 404
    page = tree(client.get(f"/d/{made[0].reading.documents[0].id}"))
    assert page.xpath("//a[normalize-space()='起草下一年']") == []


def test_rows_of_a_table_by_plain_forms(site: Drafting, draft: str) -> None:
    line = next(one for one in site.work(draft).live if one.grid is not None)
    page = tree(site.client.get(f"/drafts/{draft}?edit={line.id}-r1"))
    form = page.xpath("//form[.//input[@name='verb'][@value='row']]")[0]
    assert form.xpath(".//label/span/text()") == ["序号", "任务", "牵头单位", "责任单位", "时间"]
    new = ["4", "科普进企业", "云州市工业和信息化局", "", "9月"]
    told = site.act(draft, who=WHO, verb="row", line=line.id, seen="0", after="r1", cell=new)
    assert told.status_code == 303
    page = tree(site.client.get(f"/drafts/{draft}"))
    assert page.xpath(f"count(//section[@id='l-{line.id}']//tr)") == 5
    assert "科普进企业" in page.xpath(f"string(//section[@id='l-{line.id}']//tr[3])")
    assert page.xpath("string(//p[contains(@class, 'row-told')])").startswith(f"第3行：{SIGNED}于")
    late = site.act(draft, who=ANOTHER, verb="unrow", line=line.id, seen="0", target="r2")
    assert late.status_code == 409
    number = site.work(draft).line(line.id).seen
    site.act(draft, verb="unrow", line=line.id, seen=str(number), target="r2")
    answer = site.client.get(f"/drafts/{draft}/draft.docx?changes=1")
    tables = Document(BytesIO(answer.data)).tables
    rows = [[one.text for one in row.cells] for table in tables for row in table.rows]
    assert new in rows
    assert not any("科普进校园" in row for row in rows if len(row) == 5 and row[0] in {"1", "2", "3", "4"})
    assert any(f"由{SIGNED}于" in row[-1] and row[2] == "科普进企业" for row in rows if len(row) == 5)
    what = site.client.get(f"/drafts/{draft}/acts", headers={"Accept": "application/json"}).get_json()["acts"]
    assert [one["what"] for one in what] == ["删去一行", "加一行"]
    assert what[1]["text"] == "｜".join(new)
    site.act(draft, verb="undo")
    assert len(site.work(draft).line(line.id).grid.live) == 5


@pytest.mark.parametrize("form", [
    {"after": "r9", "cell": ["甲"]}, {"after": "r1", "cell": ["", " "]}, {"after": "r1"},
    {"after": "r1", "cell": ["甲"] * 9},
])  # fmt: skip
def test_a_row_that_cannot_be_is_refused(site: Drafting, draft: str, form: dict[str, object]) -> None:
    line = next(one for one in site.work(draft).live if one.grid is not None)
    assert site.act(draft, who=WHO, verb="row", line=line.id, seen="0", **form).status_code == 400
    assert site.work(draft).acts == []


def test_what_the_notice_from_above_asks_for_stands_beside_the_draft(site: Drafting) -> None:
    address = f"/drafts/new?from={site.ids[0]}"
    data = {"from": site.ids[0], "year": "2023", "superior": site.ids[1], "who": WHO, "form_token": site.token(address)}
    draft = site.client.post("/drafts", data=data).headers["Location"].rpartition("/")[2]
    page = tree(site.client.get(f"/drafts/{draft}"))
    told = [" ".join(one.text_content().split()) for one in page.xpath("//details[@class='above-offers']//li")]
    assert told[0].startswith("活动主题提升全民科学素质 助力科技自立自强 稿中已有")
    look = page.xpath("//details[@class='above-offers']//a[normalize-space()='看出处']/@href")[0]
    assert site.client.get(look).status_code == 302
    for take in page.xpath("//details[@class='above-offers']//a[normalize-space()='取句']/@href"):
        assert site.client.get(take).status_code == 200
