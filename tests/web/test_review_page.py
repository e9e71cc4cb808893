"""Judging values on the page of a paper: forms without script, messages, conflicts, history, masked numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from corpus_kit import PlainFinder
from dom_kit import texts, tree
from papers_kit import compilation
from review_kit import SIGNED, WHO, Bench, doubtful_corpus, past

from gongwen.settings import Settings
from web.app import create_app

JSON = {"Accept": "application/json"}
PLAN = 2


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "corpus", doubtful_corpus())


def shown(bench: Bench, at: int = 0, **args: str):
    return tree(bench.client.get(f"/d/{bench.address(at)}", query_string=args))


def test_the_page_says_nothing_of_review_until_asked(bench: Bench) -> None:
    page = shown(bench)
    assert texts(page, "judge") == []
    assert "复核本件" in page.text_content()
    reviewing = shown(bench, review="1")
    assert texts(reviewing, "judge").count("核") >= 12
    assert "补充一项" in reviewing.text_content()


def test_a_site_without_a_desk_has_no_review(bench: Bench) -> None:
    app = create_app(Settings(), papers=bench.store, finder=PlainFinder(bench.made))
    client = app.test_client()
    page = tree(client.get(f"/d/{bench.address()}?review=1"))
    assert "复核" not in page.text_content()
    assert client.get("/review").status_code == 404


def test_the_card_shows_value_place_doubts_and_other_readings(bench: Bench) -> None:
    page = tree(bench.page(bench.target(name="issue_date")))
    assert texts(page, "judged-value") == ["2024年9月30日"]
    assert page.xpath("string(//blockquote/mark)") == "2024年9月30日"
    assert "第1页" in texts(page, "quoted")[0]
    assert "2024年9月28日" in texts(page, "readings")[0]
    page = tree(bench.page(bench.target(name="document_number")))
    assert texts(page, "reasons") == ["文号的括号或写法不规范，已按〔〕统一"]


def test_confirm_correct_and_deny(bench: Bench) -> None:
    assert bench.act(bench.target(name="title"), "confirm").status_code == 303
    bench.act(bench.target(name="document_number"), "correct", say="云科协字[2024]13号")
    bench.act(bench.target(name="letterhead", kind="item"), "deny")
    assert bench.value("document_number") == "云科协字〔2024〕13号"
    assert bench.value("letterhead") == []
    page = shown(bench)
    assert texts(page, "judged-ok") == ["✓已确认"]
    assert texts(page, "reviewed") == ["已更正"]
    assert page.xpath("//*[@class='reviewed']/@title")[0].startswith(SIGNED)
    assert "云科协字〔2024〕13号" in page.xpath("string(//header[@class='paper-head'])")
    assert texts(shown(bench, review="1"), "review-more")[1].startswith("复核时删去的版头：云州市科学技术协汇文件")


def test_the_answer_leads_back_and_tells_what_was_done(bench: Bench) -> None:
    answer = bench.act(bench.target(name="title"), "confirm")
    where = answer.headers["Location"]
    assert where.startswith(f"/d/{bench.address()}?review=1&did=confirm")
    assert where.endswith("#v-title")
    page = tree(bench.client.get(where.partition("#")[0]))
    assert texts(page, "did")[0].startswith("已确认。")
    assert page.xpath("//form[@data-undo]/input[@name='next']/@value") == [f"/d/{bench.address()}?review=1"]


def test_a_correction_that_changes_nothing_is_a_confirmation(bench: Bench) -> None:
    answer = bench.act(bench.target(name="issue_date"), "correct", say="2024年9月30日")
    assert "did=confirm" in answer.headers["Location"]
    assert bench.target(name="issue_date").state == "confirmed"


def test_another_reading_is_taken_by_its_button(bench: Bench) -> None:
    bench.act(bench.target(name="issue_date"), "reading-0")
    assert bench.value("issue_date") == "2024-09-28"


def test_what_is_typed_wrong_is_told_and_kept(bench: Bench) -> None:
    answer = bench.act(bench.target(name="issue_date"), "correct", say="九月三十")
    page = tree(answer)
    assert answer.status_code == 422
    assert "不是一个日期，请写全年月日" in texts(page, "problem")[0]
    assert page.xpath("//input[@name='say']/@value") == ["九月三十"]
    assert page.xpath("//input[@name='say']/@aria-invalid") == ["true"]
    assert bench.store.reviewed() == []


def test_missing_values_are_added_or_said_to_be_missing(bench: Bench) -> None:
    page = shown(bench, review="1")
    assert "签发人" in texts(page, "review-more")[0]
    bench.act(bench.target(name="signatory"), "correct", say="周明远")
    bench.act(bench.target(name="urgency"), "confirm")
    bench.act(bench.target(name="hosts", kind="list"), "add", say="云州市教育局、云州市科学技术局")
    bench.act(bench.target(name="copied_to", kind="list"), "confirm")
    assert (bench.value("signatory"), bench.value("hosts")) == ("周明远", ["云州市教育局", "云州市科学技术局"])
    page = shown(bench, review="1")
    assert "紧急程度（原文没有✓）" in texts(page, "review-more")[0]
    assert "抄送机关（原文没有✓）" in texts(page, "review-more")[0]
    assert texts(page, "reviewed") == ["补充"] * 3


def test_cells_of_tables_are_judged_one_by_one_and_whole(bench: Bench) -> None:
    bench.act(bench.target(at=PLAN, column="lead", value="云州市教育局"), "correct", PLAN, say="云州市科学技术局")
    bench.act(bench.target(at=PLAN, kind="row", row="主会场启动仪式"), "confirm", PLAN)
    bench.act(bench.target(at=PLAN, kind="row", row="何立", field="leading_group"), "deny", PLAN)
    row = {"cell-name": "周明远", "cell-phones": "0999-5550123、13900000001"}
    bench.act(bench.target(at=PLAN, kind="table", field="contacts"), "add", PLAN, **row)
    assert bench.value("tasks/1/lead", PLAN) == ["云州市科学技术局"]
    assert [one["name"] for one in bench.value("leading_group", PLAN)] == ["周明远", "林若溪"]
    assert bench.value("contacts/1/phones", PLAN) == ["0999-5550123", "13900000001"]
    assert bench.target(at=PLAN, kind="row", row="主会场启动仪式").state == "confirmed"


def test_a_row_that_is_typed_wrong_keeps_what_was_typed(bench: Bench) -> None:
    target = bench.target(at=PLAN, kind="table", field="contacts")
    answer = bench.act(target, "add", PLAN, **{"cell-name": "周明远", "cell-phones": "12"})
    page = tree(answer)
    assert answer.status_code == 422
    assert "不像一个电话号码" in texts(page, "problem")[0]
    assert page.xpath("//input[@name='cell-name']/@value") == ["周明远"]
    empty = bench.act(target, "add", PLAN)
    assert "请至少填写一栏" in texts(tree(empty), "problem")[0]


def test_a_choice_is_offered_as_one(bench: Bench) -> None:
    page = tree(bench.page(bench.target(name="urgency")))
    assert page.xpath("//select[@name='say']/option/@value")[1:] == ["特提", "特急", "加急", "平急", "急件"]
    assert bench.act(bench.target(name="urgency"), "correct", say="不急").status_code == 422
    bench.act(bench.target(name="urgency"), "correct", say="加急")
    assert bench.value("urgency") == "加急"


def test_two_browsers_do_not_overwrite_each_other(bench: Bench) -> None:
    """Both open the card; one corrects; the other is told, loses no word and writes nothing."""
    target = bench.target(name="title")
    other = bench.app.test_client()
    address = f"/d/{bench.address()}/value/{target.key}"
    mine, theirs = bench.fields(bench.client.get(address)), bench.fields(other.get(address))
    other.post(address, data={**theirs, "verb": "correct", "who": "周明远", "say": "关于选聘科普讲师的通知"})
    answer = bench.client.post(address, data={**mine, "verb": "correct", "who": WHO, "say": "关于遴选科普讲师的通知"})
    page = tree(answer)
    assert answer.status_code == 409
    assert "没有写入" in page.text_content()
    assert texts(page, "kept-words") == ["关于遴选科普讲师的通知"]
    assert "关于选聘科普讲师的通知已更正把您写的用在这里" in "".join(texts(page, "now"))
    assert "周明远（未登录）" in texts(page, "told-acts")[0]
    assert bench.value("title") == "关于选聘科普讲师的通知"
    again = tree(bench.client.get(page.xpath("//ul[@class='now']//a/@href")[0]))
    assert again.xpath("//input[@name='say']/@value") == ["关于遴选科普讲师的通知"]


def test_a_confirmation_by_somebody_else_is_told_too(bench: Bench) -> None:
    target = bench.target(name="title")
    other = bench.app.test_client()
    address = f"/d/{bench.address()}/value/{target.key}"
    mine = bench.fields(bench.client.get(address))
    bench.act(target, "confirm", client=other, who="周明远")
    answer = bench.client.post(address, data={**mine, "verb": "correct", "who": WHO, "say": "另一个标题"})
    assert answer.status_code == 409
    assert "有人复核过这一项" in answer.get_data(as_text=True)
    assert len(bench.store.reviews(bench.made[0].reading.sha256)) == 1


def test_a_form_sent_twice_is_kept_once(bench: Bench) -> None:
    for verb, more in (("confirm", {}), ("correct", {"say": "2024年9月28日"}), ("deny", {})):
        target = bench.target(name="issue_date")
        address = f"/d/{bench.address()}/value/{target.key}"
        fields = {**bench.fields(bench.client.get(address)), "verb": verb, "who": WHO, **more}
        assert [bench.client.post(address, data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(bench.store.reviews(bench.made[0].reading.sha256)) == 3


def test_taking_back_and_the_history(bench: Bench) -> None:
    answer = bench.act(bench.target(name="title"), "correct", say="另一个标题")
    where = answer.headers["Location"]
    mark = where.split("mark=")[1].partition("#")[0]
    undone = bench.client.post(f"/d/{bench.address()}/undo", data={"mark": mark, "form_token": bench.token()})
    assert undone.status_code == 303
    assert bench.value("title") == "关于选聘2024年科普讲师的通知"
    page = tree(bench.client.get(f"/d/{bench.address()}/acts"))
    told = texts(page, "told-acts")[0]
    assert "标题：撤销“另一个标题”，恢复“关于选聘2024年科普讲师的通知”" in told
    assert "标题：把“关于选聘2024年科普讲师的通知”改为“另一个标题”（已撤销）" in told
    assert page.xpath("//ol//button") == []
    again = bench.client.post(f"/d/{bench.address()}/undo", data={"mark": mark, "form_token": bench.token()})
    assert again.status_code == 409
    assert [one["stands"] for one in bench.client.get(f"/d/{bench.address()}/acts", headers=JSON).json["acts"]] == [
        False, False,
    ]  # fmt: skip


def test_acts_out_of_date_are_told_and_settled(bench: Bench) -> None:
    made = bench.made[1]
    bench.store.add_review(made.reading.sha256, past(made, "issue_date", "2023-09-01", "2023-09-02"))
    page = shown(bench, 1)
    assert "有1次复核因抽取结果变化而过时" in "".join(texts(page, "notice"))
    target = bench.target(at=1, kind="stale")
    card = tree(bench.page(target, 1))
    assert "周明远 2024年10月8日 09:30 把“2023年9月1日”改为“2023年9月2日”，其后抽取结果变了" in card.text_content()
    bench.act(target, "insist", 1)
    assert bench.value("issue_date", 1) == "2023-09-02"
    assert "过时" not in shown(bench, 1).text_content()


def test_numbers_stay_masked_until_asked_for(bench: Bench) -> None:
    target = bench.target(column="phones", value="13900000001")
    page = bench.page(target).get_data(as_text=True)
    assert "13900000001" not in page
    assert "139****0001" in page
    full = bench.page(target, full="1")
    assert tree(full).xpath("//input[@name='say']/@value") == ["13900000001"]
    fields = bench.fields(full)
    address = f"/d/{bench.address()}/value/{target.key}"
    bench.client.post(address, data={**fields, "verb": "correct", "who": WHO, "say": "13900000002"})
    assert bench.value("contacts/0/phones") == ["0999-5550123", "13900000002"]
    for page in (bench.client.get(f"/d/{bench.address()}/acts"), bench.client.get("/review/acts"),
                 bench.client.get(f"/d/{bench.address()}?review=1")):  # fmt: skip
        assert "13900000002" not in page.get_data(as_text=True)


def test_other_documents_of_the_file_are_named_as_people_said(tmp_path: Path) -> None:
    made = compilation()
    bench = Bench(tmp_path / "corpus", [made])
    first, second = made.reading.documents
    review = past(made, "title", second["title"], "海西省科普基地认定和管理办法")
    bench.store.add_review(made.reading.sha256, replace(review, document=second["document_number"], part=2))
    page = tree(bench.client.get(f"/d/{first.id}"))
    assert "海西省科普基地认定和管理办法" in texts(page, "others")[0]


@pytest.mark.parametrize("address", ["/d/none/value/x", "/d/none/acts"])
def test_what_is_not_there_is_404(bench: Bench, address: str) -> None:
    assert bench.client.get(address).status_code == 404


def test_a_key_that_is_not_there_tells_what_is(bench: Bench) -> None:
    answer = bench.client.get(f"/d/{bench.address()}/value/ffffffffffffffff")
    assert answer.status_code == 409
    assert bench.client.get(f"/d/{bench.address()}/value/ffff", headers=JSON).json["error"].startswith("这一项")


@pytest.mark.parametrize("verb", ["", "destroy", "undo", "reading-x", "reading-99"])
def test_verbs_that_there_are_not_are_refused(bench: Bench, verb: str) -> None:
    assert bench.act(bench.target(name="title"), verb).status_code == 400
    assert bench.value("title") == "关于选聘2024年科普讲师的通知"


def test_what_does_not_fit_its_target_is_refused(bench: Bench) -> None:
    assert bench.act(bench.target(kind="issue"), "deny").status_code == 400
    assert bench.act(bench.target(name="issuers", kind="list"), "confirm").status_code == 400


def test_programs_judge_by_json(bench: Bench) -> None:
    target = bench.target(name="title")
    address = f"/d/{bench.address()}/value/{target.key}"
    card = bench.client.get(address, headers=JSON).json
    assert (card["value"], card["verbs"]) == ("关于选聘2024年科普讲师的通知", ["confirm", "correct", "deny"])
    done = bench.client.post(address, headers=JSON | {"X-Form-Token": card["form_token"]},
                             data={"verb": "confirm", "seen": card["seen"], "who": WHO})  # fmt: skip
    assert done.json == {"done": "confirm", "mark": done.json["mark"], "searchable": True}
