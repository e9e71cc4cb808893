"""The queue: worst first, one after the other, filters with counts; many at once; the log; hostile words."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_kit import Made, make
from dom_kit import links, texts, tree
from review_kit import SIGNED, WHO, Bench, doubtful, doubtful_corpus, past
from test_site_safety import PAYLOADS, shape

from gongwen.acts import Review
from gongwen.record import Issue
from index.doubt_queue import Wanted
from web.cards import KINDS
from web.views.queue import ORDER

JSON = {"Accept": "application/json"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = doubtful_corpus()
    bench = Bench(tmp_path / "corpus", made)
    bench.store.add_review(made[1].reading.sha256, past(made[1], "issue_date", "2023-09-01", "2023-09-02"))
    bench.doubts.rebuild()
    return bench


def walk(bench: Bench, address: str = "/review") -> list[tuple[str, str]]:
    """Kind and label of each in turn, by the link to the next."""
    found = []
    while True:
        page = tree(bench.client.get(address))
        if not texts(page, "judged-label"):
            return found
        found.append((texts(page, "reasons")[0][:5], texts(page, "judged-label")[0]))
        address = page.xpath("//a[@data-next]/@href")[0]


def test_worst_first_to_the_end_and_again_from_the_start(bench: Bench) -> None:
    found = walk(bench)
    total = bench.client.get("/review", headers=JSON).json["total"]
    assert len(found) == total == 13
    assert found[0] == ("复核已过时", "成文日期")
    assert found[1] == found[2] == ("前后矛盾文", "发文字号")
    order = [next(at for at, kind in enumerate(KINDS.values()) if one.startswith(kind)) for one, _ in found]
    assert order == sorted(order)
    page = tree(bench.client.get("/review?after=99999999"))
    assert "到末尾了" in page.text_content()
    assert ORDER.startswith("次序：复核已过时的在前")


def test_the_place_in_the_order_is_told_and_one_can_go_back(bench: Bench) -> None:
    first = tree(bench.client.get("/review"))
    assert texts(first, "queue-bar")[0].startswith("第1/13项")
    assert first.xpath("//a[@data-previous]") == []
    second = tree(bench.client.get(first.xpath("//a[@data-next]/@href")[0]))
    assert texts(second, "queue-bar")[0].startswith("第2/13项")
    back = tree(bench.client.get(second.xpath("//a[@data-previous]/@href")[0]))
    assert texts(back, "judged-value") == texts(first, "judged-value")


@pytest.mark.parametrize(("query", "count"), [
    ("kind=stale", 1), ("kind=disputed", 2), ("kind=ocr", 2), ("kind=low", 2), ("field=document_number", 2),
    ("year=2023", 6), ("unit=云州市科学技术协会", 13), ("unit=云州市教育局", 0), ("kind=low&year=2023", 1),
    ("kind=<script>", 13),
])  # fmt: skip
def test_filters(bench: Bench, query: str, count: int) -> None:
    assert bench.client.get(f"/review?{query}", headers=JSON).json["total"] == count
    assert len(walk(bench, f"/review?{query}")) == count


def test_filters_show_counts_and_are_taken_off_again(bench: Bench) -> None:
    page = tree(bench.client.get("/review?kind=low"))
    chosen = page.xpath("//a[@aria-current='true' and contains(@class, 'choice')]")
    assert ["".join(one.text_content().split()) for one in chosen] == ["把握不大2"]
    assert chosen[0].get("href") == "/review"
    assert links(page)["前后矛盾6"] == "/review?kind=issue"


def test_an_act_leads_to_the_next_and_the_queue_grows_shorter(bench: Bench) -> None:
    page = tree(bench.client.get("/review?kind=issue"))
    form = page.xpath("//form[@data-judge]")[0]
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    answer = bench.client.post(form.get("action"), data={**fields, "verb": "confirm", "who": WHO})
    assert answer.status_code == 303
    following = tree(bench.client.get(answer.headers["Location"]))
    assert texts(following, "did")[0].startswith("已确认。")
    assert texts(following, "queue-bar")[0].startswith("第1/5项")
    assert texts(following, "judged-value") != texts(page, "judged-value")
    undo = following.xpath("//form[@data-undo]")[0]
    fields = {one.get("name"): one.get("value") for one in undo.xpath(".//input")}
    back = bench.client.post(undo.get("action"), data=fields)
    assert texts(tree(bench.client.get(back.headers["Location"])), "did") == ["已撤销。"]
    assert bench.client.get("/review?kind=issue", headers=JSON).json["total"] == 6


def test_a_doubt_about_the_paper_itself_is_looked_at(bench: Bench) -> None:
    target = bench.target(kind="issue")
    page = tree(bench.page(target))
    assert "已核对，无须改动" in page.text_content()
    bench.act(target, "confirm")
    assert bench.client.get(f"/review?address={bench.address()}", headers=JSON).json["total"] == 4


def test_what_is_no_longer_there_is_passed_over(bench: Bench) -> None:
    """The table is a moment behind what people did."""
    first = bench.client.get("/review?kind=disputed", headers=JSON).json["next"]
    made = next(one for one in bench.made if one.reading.documents[0].id == first["paper"])
    record = made.reading.documents[0]
    bench.store.add_review(made.reading.sha256, Review(
        record["document_number"], "issue_date", record["issue_date"], record["issue_date"], "何立", "2024-10-10"
    ))  # fmt: skip
    page = tree(bench.client.get("/review?kind=disputed"))
    assert texts(page, "judged-paper")[0].startswith("关于选聘2023年科普讲师的通知")


def alike_address(bench: Bench) -> str:
    return str(tree(bench.client.get("/review?kind=low")).xpath("//p[@class='alike']/a/@href")[0])


def test_many_that_are_alike_are_shown_confirmed_and_taken_back(bench: Bench) -> None:
    page = tree(bench.client.get(alike_address(bench)))
    assert [one.get("checked") is not None for one in page.xpath("//input[@name='choice']")] == [True, True]
    assert "推荐表" in texts(page, "alike-list")[0]
    choices = page.xpath("//input[@name='choice']/@value")
    token = page.xpath("//input[@name='form_token']/@value")[0]
    done = bench.client.post("/review/alike", data={"choice": choices, "who": WHO, "form_token": token})
    assert done.status_code == 303
    log = tree(bench.client.get(done.headers["Location"]))
    assert texts(log, "did")[0].startswith("已确认2项。撤销这一批")
    assert bench.client.get("/review?kind=low", headers=JSON).json["total"] == 0
    batch = log.xpath("//input[@name='batch']/@value")[0]
    back = bench.client.post("/review/acts/undo", data={"batch": batch, "form_token": token})
    assert "已撤销这一批。" in texts(tree(bench.client.get(back.headers["Location"])), "did")
    assert bench.client.get("/review?kind=low", headers=JSON).json["total"] == 2
    assert bench.target(column="action").state == "extracted"


def test_what_changed_since_it_was_shown_is_left_out_and_told(bench: Bench) -> None:
    page = tree(bench.client.get(alike_address(bench)))
    choices = page.xpath("//input[@name='choice']/@value")
    token = page.xpath("//input[@name='form_token']/@value")[0]
    bench.act(bench.target(column="action"), "correct", say="报名表")
    done = bench.client.post("/review/alike", data={"choice": [*choices, "nonsense", "a b c"], "form_token": token})
    assert texts(tree(bench.client.get(done.headers["Location"])), "did")[0].startswith(
        "已确认1项；另有1项在您查看之后有变化，没有确认"
    )
    assert bench.value("deadlines/0/action") == "报名表"


def test_a_batch_is_taken_back_except_where_somebody_spoke_since(bench: Bench) -> None:
    page = tree(bench.client.get(alike_address(bench)))
    choices = page.xpath("//input[@name='choice']/@value")
    token = page.xpath("//input[@name='form_token']/@value")[0]
    bench.client.post("/review/alike", data={"choice": choices, "who": WHO, "form_token": token})
    bench.act(bench.target(column="action"), "correct", say="报名表", who="周明远")
    batch = next(one.batch for one in bench.doubts.acts() if one.batch)
    back = bench.client.post("/review/acts/undo", data={"batch": batch, "form_token": token})
    assert "其中1项之后又有人复核过，没有撤销" in texts(tree(bench.client.get(back.headers["Location"])), "did")[0]
    assert bench.value("deadlines/0/action") == "报名表"


@pytest.mark.parametrize("query", ["", "kind=low", "kind=stale&field=issue_date&rule=kit&code=stale", "field=title"])
def test_only_what_is_alike_is_confirmed_at_once(bench: Bench, query: str) -> None:
    page = tree(bench.client.get(f"/review/alike?{query}"))
    assert page.xpath("//input[@name='choice']") == []


def test_the_log_tells_all_acts_of_all_papers(bench: Bench) -> None:
    bench.act(bench.target(name="title"), "confirm")
    page = tree(bench.client.get("/review/acts"))
    rows = texts(page, "acts-table")[0]
    assert f"{SIGNED}云科协字〔2024〕31号标题：确认“关于选聘2024年科普讲师的通知”" in rows
    assert "周明远云科协字〔2023〕31号成文日期：把“2023年9月1日”改为“2023年9月2日”" in rows
    assert bench.client.get("/review/acts?page=<b>").status_code == 200
    assert bench.client.get("/review/acts?page=999").status_code == 200


def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "corpus", [make("a.txt", "⟦title|甲⟧")])
    page = tree(bench.client.get("/review"))
    assert "没有待复核的内容" in page.text_content()
    page = tree(bench.client.get("/review?kind=low"))
    assert "当前条件下没有" in page.text_content()


def hostile(payload: str) -> Made:
    made = doubtful()
    record = made.reading.documents[0]
    record.issues.append(Issue("x", "title", payload))
    record.issues.append(Issue("x", "", payload))
    record.candidates["title"] = [{"value": payload, "evidence": record.candidates["issue_date"][0]["evidence"]}]
    record.values["theme"] = payload
    record.values["contacts"][0]["name"] = payload
    record.values["hosts"] = [payload]
    return made


def said(payload: str, made: Made) -> list[Review]:
    number = made.reading.documents[0]["document_number"]
    acts = [("title", "关于选聘2024年科普讲师的通知", payload), ("hosts", None, payload),
            ("theme", "旧", f"又{payload}"),
            (f"contacts/{payload.replace('~', '~0').replace('/', '~1')}/phones", "0999-5550123", payload)]  # fmt: skip
    return [Review(number, field, saw, say, payload, "2024-10-01T09:00:00+08:00") for field, saw, say in acts]


def pages(payload: str, folder: Path) -> list[object]:
    """Every page of review with a payload in every place that people or papers can put words."""
    made = hostile(payload)
    bench = Bench(folder, [made])
    for review in said(payload, made):
        bench.store.add_review(made.reading.sha256, review)
    bench.doubts.rebuild()
    bench.client.set_cookie("gongwen_who", "%3Cb%3E")
    title, stale = bench.target(name="title"), bench.target(kind="stale")
    phone = bench.target(column="phones")
    answers = [
        bench.client.get(f"/d/{bench.address()}?review=1"), bench.client.get(f"/d/{bench.address()}/acts"),
        bench.page(title, say=payload, next=payload), bench.page(stale), bench.page(phone, full="1"),
        bench.client.get("/review"), bench.client.get("/review", query_string={"unit": payload, "field": payload}),
        bench.client.get("/review/alike", query_string={"rule": payload, "code": payload, "field": payload}),
        bench.client.get("/review/acts", query_string={"batch": payload, "many": payload, "left": payload}),
        bench.client.get("/review", query_string={"did": "confirm", "mark": payload, "paper": payload}),
        bench.act(bench.target(name="issue_date"), "correct", say=payload),
        bench.act(bench.target(kind="table", field="contacts"), "add", **{"cell-phones": payload}),
        bench.client.get(f"/d/{bench.address()}/value/{payload.replace('/', '')}"),
    ]  # fmt: skip
    found, place = [], ""
    while (one := bench.doubts.first(Wanted(), after=place)) is not None:
        answers.append(bench.client.get("/review", query_string={"after": place}))
        place = one.sort
    for answer in answers:
        assert answer.status_code in {200, 404, 409, 422}, answer.request.url
        found.append(tree(answer))
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    tags: set[str] = set()
    names: set[str] = set()
    for page in pages("无害", tmp_path_factory.mktemp("plain")):
        found = shape(page)
        tags |= found[0]
        names |= found[1]
    return tags, names


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_word_anyone_said_becomes_an_element(
    payload: str, plain: tuple[set[str], set[str]], tmp_path: Path
) -> None:
    for page in pages(payload, tmp_path):
        tags, names = shape(page)
        assert tags <= plain[0]
        assert names <= plain[1]
        for address in page.xpath("//@href|//@src|//@action"):  # type: ignore[attr-defined]
            assert address.startswith(("/", "#", "?full=1")) and not address.startswith("//"), address
        for where in page.xpath("//input[@name='next']/@value"):  # type: ignore[attr-defined]
            assert where.startswith("/") and not where.startswith("//"), where
