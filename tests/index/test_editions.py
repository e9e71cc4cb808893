"""Which papers are told to be copies or versions of each other, and which never are."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import combinations

import pytest
from editions_kit import Made, editions_at, kinds, linked, made, noisy, put, sample, samples, store_at, text
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from gongwen.errors import IndexBusy
from gongwen.review import Review
from gongwen.settings import Settings
from index.editions import database as editions_file
from index.editions import ledger as ledger_module
from index.editions import tables
from index.editions.database import EditionsFile
from index.editions.face import face_of
from index.editions.ledger import open_editions
from index.editions.tables import SECTION

BODY = (
    "各县（区）科协，市级各学会：",
    "为深入贯彻落实全民科学素质行动规划纲要，弘扬科学精神，普及科学知识，现就做好今年的科普讲座工作通知如下。",
    "一、讲座内容",
    "围绕生态环境、食品安全、应急避险和前沿科技，每季度举办讲座不少于两场，由各县（区）科协牵头组织。",
    "二、有关要求",
    "请各单位高度重视，精心组织，于10月20日前将活动总结报送市科协科普部，联系电话13900000001。",
)

PRAISE = (
    "各县（区）科协：",
    "经研究，决定授予林若溪等十名同志优秀教师称号，希望受表彰的同志珍惜荣誉，再接再厉。",
    "各单位要以先进为榜样，勇于担当，乐于奉献，为教育事业作出新的更大贡献。",
)


def notice(
    number: str = "云科协字〔2024〕12号", title: str = "关于举办科普讲座的通知", body: tuple[str, ...] = BODY,
    date: str = "2024年4月2日", name: str = "通知.txt", head: str = "云州市科学技术协会文件",
    issuer: str = "云州市科学技术协会",
) -> Made:  # fmt: skip
    lines = [head, number, title, *body, issuer, date]
    return text(*(line for line in lines if line), name=name)


def kind_of(tmp_path, one: Made, other: Made) -> str | None:
    found = kinds(linked(store_at(tmp_path / "corpus"), [one, other]), [one, other])
    assert found.get((0, 1)) == found.get((1, 0))
    return found.get((0, 1))


def changed(old: str, new: str) -> tuple[str, ...]:
    assert any(old in line for line in BODY)
    return tuple(line.replace(old, new) for line in BODY)


# --- papers that are one ---------------------------------------------------------------------------------


def test_spacing_width_and_a_missing_letterhead_make_a_copy(tmp_path):
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    wide = tuple(line.translate(digits).replace("，", "， ") for line in BODY)
    other = notice(body=wide, head="", title="云州市科学技术协会关于举办科普讲座的通知", name="网页.txt")
    assert kind_of(tmp_path, notice(), other) == "copy"


@pytest.mark.parametrize(("old", "new"), [
    ("10月20日", "10月21日"), ("13900000001", "13900000002"), ("不少于两场", "不少于三场"), ("科普部", "办公室"),
    ("高度重视，精心组织，", ""),
])  # fmt: skip
def test_a_corrected_paper_is_a_version(tmp_path, old, new):
    assert kind_of(tmp_path, notice(), notice(body=changed(old, new), name="更正.txt")) == "version"


def test_the_version_says_how_much_differs(tmp_path):
    papers = [notice(), notice(body=changed("10月20日", "11月20日"), name="更正.txt")]
    (link,) = linked(store_at(tmp_path), papers).links([papers[0].id])[papers[0].id]
    assert (link.id, link.places, link.changed) == (papers[1].id, 1, 1)
    assert 0.98 < link.share < 1


def test_the_body_without_its_annex_is_a_version(tmp_path):
    rows = (f"第{at}场在临江县第{at}中学举办，主讲人何立，题目为身边的化学" for at in range(30))
    annex = ("附件1", "科普讲座安排表", *rows)
    one, other = notice(), notice(body=BODY)
    whole = text(*one.document.text.split("\n"), *annex, name="全文.txt")
    assert kind_of(tmp_path, other, whole) == "version"


def test_without_a_number_title_issuer_date_and_like_text_make_a_version(tmp_path):
    one, other = notice(number=""), notice(number="", body=changed("10月20日", "10月25日"), name="更正.txt")
    assert kind_of(tmp_path, one, other) == "version"


def test_a_draft_without_number_is_a_copy_of_what_was_issued(tmp_path):
    assert kind_of(tmp_path, notice(), notice(number="云科协字〔2024〕 号", name="送签稿.txt")) == "copy"


@pytest.mark.parametrize(("rate", "ocr"), [(0.02, True), (0.04, True), (0.02, False)])
def test_wrong_characters_all_over_the_text_make_a_copy(tmp_path, rate, ocr):
    """Also when another program read the scan and nobody says that it was one."""
    whole = sample(samples()[5], "txt")
    assert kind_of(tmp_path, whole, noisy(whole, rate, ocr=ocr)) == "copy"


def test_a_scan_may_misread_one_character_of_its_number(tmp_path):
    whole = notice()
    scan = noisy(whole, 0.01, ocr=True)
    record = scan.reading.documents[0]
    for agency, kind in (("云料协字", "copy"), ("云教发", None)):
        record.values |= {"number_parts": {"agency": agency, "year": 2024, "serial": 12}}
        assert kind_of(tmp_path / agency, whole, scan) == kind
    record.values |= {"number_parts": {"agency": "云科协字", "year": 2024, "serial": 17}}
    assert kind_of(tmp_path / "serial", whole, scan) is None


# --- papers that are not ---------------------------------------------------------------------------------


def test_other_numbers_are_other_papers_however_alike(tmp_path):
    assert kind_of(tmp_path, notice(), notice(number="云科协字〔2024〕13号", name="二.txt")) is None


@pytest.mark.parametrize("number", ["", "云科协字〔2024〕12号"])
def test_next_year_is_never_a_copy(tmp_path, number):
    one = notice(number=number, title="关于举办2024年科普讲座的通知")
    other = notice(number=number.replace("2024", "2025"), title="关于举办2025年科普讲座的通知", date="2025年4月2日")
    assert kind_of(tmp_path, one, other) is None


def test_the_same_letter_on_another_day_is_another_letter(tmp_path):
    assert kind_of(tmp_path, notice(number=""), notice(number="", date="2024年5月2日", name="二.txt")) is None


def test_the_plan_is_not_the_notice_that_issues_it(tmp_path):
    told = "邀请专家走进校园、社区和企业，普及科学知识，弘扬科学精神。"
    plan = [f"（{at}）组织第{at}场科普讲座，{told}" for at in range(1, 30)]
    order = ("各县（区）科协：", "现将方案印发给你们，请认真执行。")
    issued = notice(title="关于印发《2024年科普讲座方案》的通知", body=order)
    whole = text(*issued.document.text.split("\n"), "2024年科普讲座方案", *plan, name="印发.txt")
    alone = text("2024年科普讲座方案", *plan, name="方案.txt")
    numbered = text("云科协字〔2024〕12号", "2024年科普讲座方案", *plan, "2024年4月2日", name="方案带文号.txt")
    assert kind_of(tmp_path / "a", whole, alone) is None
    assert kind_of(tmp_path / "b", whole, numbered) is None
    assert kind_of(tmp_path / "c", issued, numbered) is None


def test_a_blank_form_has_no_copies(tmp_path):
    blank = next(one for one in samples() if one.family == "form")
    assert kind_of(tmp_path, sample(blank, "docx"), sample(blank, "txt")) is None


def test_annexes_bear_the_number_of_their_notice(tmp_path):
    number = "云科协字〔2024〕12号"
    plan = "云州市科技馆四月六日上午九时举办第一场讲座，请准时参加。"
    reply = "请填写姓名、单位、职务和联系电话后发送至报名邮箱。"
    first = text(number, "附件1", "科普讲座安排表", plan, name="附件1.txt")
    second = text(number, "附件2", "报名回执", reply, name="附件2.txt")
    assert kind_of(tmp_path / "a", first, second) is None
    assert kind_of(tmp_path / "b", notice(), first) is None


def test_two_papers_under_one_number_are_told(tmp_path):
    other = notice(title="关于表彰优秀教师的决定", body=PRAISE, name="决定.txt")
    assert kind_of(tmp_path, notice(), other) == "clash"


def test_last_years_number_left_standing_is_told(tmp_path):
    one = notice(title="关于举办2023年科普讲座的通知", date="2023年4月2日")
    other = notice(title="关于举办2024年科普讲座的通知", body=changed("10月20日", "11月5日"), name="二.txt")
    assert kind_of(tmp_path, one, other) == "clash"


def test_one_number_of_two_issuers_says_nothing(tmp_path):
    office = "瀚海县教育局"
    other = notice(title="关于表彰优秀教师的决定", body=PRAISE, issuer=office, head=f"{office}文件", name="别处.txt")
    assert kind_of(tmp_path, notice(), other) is None


def test_parts_of_one_file_are_not_linked(tmp_path):
    one = notice()
    twice = text(*one.document.text.split("\n"), *one.document.text.split("\n"), name="两份.txt")
    assert len(twice.reading.documents) == 2
    editions = linked(store_at(tmp_path), [twice])
    assert editions.links([record.id for record in twice.reading.documents]) == {}


# --- the samples -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Every sample as text, DOCX and PDF."""
    found = [sample(entry, form) for entry in samples() for form in ("txt", "docx", "pdf")]
    store = store_at(tmp_path_factory.mktemp("samples"))
    put(store, found)
    editions = editions_at(store)
    editions.update([one.reading for one in found], {one.document.sha256: one.document for one in found})
    return editions, found


def test_every_sample_is_linked_to_its_other_formats(forms):
    editions, found = forms
    told = kinds(editions, found)
    blank = {entry.stem for entry in samples() if entry.family == "form"}
    pairs = [(a, b) for a, b in combinations(range(len(found)), 2) if found[a].paper == found[b].paper]
    assert len(pairs) == 3 * len(samples())
    missing = {(found[a].reading.source, found[b].reading.source) for a, b in pairs
               if found[a].paper not in blank and told.get((a, b)) != "copy"}  # fmt: skip
    assert missing == set()


def test_no_sample_is_linked_to_another_paper(forms):
    """Save where one file holds the other paper as its annex: then it is that paper, by its number."""
    editions, found = forms
    papers = {record.id: (one.paper, record["document_number"]) for one in found for record in one.reading.documents}
    for mine, links in editions.links(list(papers)).items():
        for link in links:
            assert link.kind == "copy"
            (paper, number), (other_paper, other_number) = papers[mine], papers[link.id]
            assert paper == other_paper or (number and number == other_number)


@pytest.mark.parametrize(("ocr", "allowed"), [(True, {"copy"}), (False, {"copy", "version"})])
def test_noise_of_two_percent_keeps_the_links_and_makes_no_other(forms, ocr, allowed):
    """When nobody says that it was a scan, a lost imprint or few slips make it a version, and a misread number is
    another number."""
    editions, found = forms
    texts = [one for one in found if one.reading.source.endswith(".txt") and len(one.document.text) > 400]
    bad = [noisy(one, ocr=ocr) for one in texts]
    editions.update([one.reading for one in bad], {one.document.sha256: one.document for one in bad})
    papers = {one.id: one for one in found}
    alone = []
    for one in bad:
        first = [link for link in editions.links([one.id]).get(one.id, ()) if link.id in papers]
        assert {papers[link.id].paper for link in first} <= {one.paper}, one.reading.source
        assert {link.kind for link in first} <= allowed, one.reading.source
        alone += [] if first else [one]
    assert len(alone) <= (0 if ocr else 0.1 * len(bad))
    for one in bad:
        editions.delete(one.document.sha256)


# --- the ledger ------------------------------------------------------------------------------------------


def series() -> list[Made]:
    """Copies, versions, a clash and papers of their own."""
    one = notice()
    return [
        one, notice(head="", name="网页.txt"), notice(body=changed("10月20日", "10月21日"), name="更正.txt"),
        notice(number="云科协字〔2024〕13号", name="十三号.txt"), notice(number="", name="无文号.txt"),
        notice(title="关于表彰优秀教师的决定", body=PRAISE, name="决定.txt"),
    ]  # fmt: skip


@given_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), size=st.integers(1, 6))
def test_the_order_of_arrival_changes_nothing(tmp_path_factory, order, size):
    found = series()
    store = store_at(tmp_path_factory.mktemp("order"))
    put(store, found)
    editions = editions_at(store)
    for at in range(0, 6, size):
        some = [found[place] for place in order[at : at + size]]
        editions.update([one.reading for one in some], {one.document.sha256: one.document for one in some})
    whole = editions_at(store_at(tmp_path_factory.mktemp("whole")))
    whole.update([one.reading for one in found], {one.document.sha256: one.document for one in found})
    ids = [one.id for one in found]
    assert editions.links(ids) == whole.links(ids)
    told = kinds(editions, found)
    assert {(b, a): kind for (a, b), kind in told.items()} == told
    assert set(told.values()) == {"copy", "version", "clash"}


def test_a_file_read_anew_is_judged_anew(tmp_path):
    papers = series()[:2]
    editions = linked(store_at(tmp_path), papers)
    assert kinds(editions, papers) == {(0, 1): "copy", (1, 0): "copy"}
    papers[1].reading.documents[0].values |= {
        "document_number": "云科协字〔2024〕99号", "number_parts": {"agency": "云科协字", "year": 2024, "serial": 99}
    }  # fmt: skip
    editions.update([papers[1].reading], {})
    assert editions.links([one.id for one in papers]) == {}


def test_a_persons_word_counts(tmp_path):
    papers = [notice(), notice(number="云科协字〔2024〕72号", name="识别错.txt")]
    store = store_at(tmp_path)
    editions = linked(store, papers)
    assert kinds(editions, papers) == {}
    title = papers[1].reading.documents[0]["title"]
    parts = {"agency": "云科协字", "year": 2024, "serial": 12}
    for field, say in (("document_number", "云科协字〔2024〕12号"), ("number_parts", parts)):
        saw = papers[1].reading.documents[0][field]
        store.add_review(papers[1].document.sha256, Review(title, field, saw, say, "何立", "2024-05-08T09:00:00"))
    editions.update([papers[1].reading], {})
    assert set(kinds(editions, papers).values()) == {"copy"}


def test_what_is_taken_out_is_linked_to_nothing(tmp_path):
    papers = series()[:2]
    editions = linked(store_at(tmp_path), papers)
    editions.delete(papers[0].document.sha256)
    assert editions.links([one.id for one in papers]) == {}


def test_a_rebuild_says_the_same(tmp_path):
    papers = series()
    editions = linked(store_at(tmp_path), papers)
    before = editions.links([one.id for one in papers])
    steps: list[tuple[int, int]] = []
    editions.rebuild(lambda done, total: steps.append((done, total)))
    assert editions.links([one.id for one in papers]) == before
    assert steps[-1] == (6, 6)


def test_copies_are_folded_under_the_best(tmp_path):
    whole = notice()
    scan = noisy(whole, 0.03, ocr=True)
    part = Made("", whole.reading, whole.document)
    corrected = notice(body=changed("10月20日", "10月21日"), name="更正.txt")
    papers = [scan, part, notice(head="", name="网页.txt"), corrected]
    papers[2].reading.complete = False
    editions = linked(store_at(tmp_path), papers)
    ids = [one.id for one in papers]
    assert editions.folded(ids) == {ids[0]: ids[1], ids[2]: ids[1]}
    assert editions.folded([ids[0], ids[2]]) == {ids[2]: ids[0]}  # of those that were found
    assert editions.folded([ids[1], ids[3]]) == {}


def test_a_scan_is_the_copy_of_one_version_only(tmp_path):
    one, corrected = notice(), notice(body=changed("10月20日", "10月21日"), name="更正.txt")
    papers = [one, corrected, noisy(one, 0.03, ocr=True), noisy(corrected, 0.03, ocr=True)]
    told = kinds(linked(store_at(tmp_path), papers), papers)
    assert told[0, 2] == told[2, 0] == told[1, 3] == told[3, 1] == "copy"
    assert told[0, 1] == told[1, 2] == told[2, 1] == told[0, 3] == told[3, 0] == "version"


def test_a_damaged_catalogue_costs_the_links_and_is_made_anew(tmp_path):
    papers = series()[:3]
    store = store_at(tmp_path)
    editions = linked(store, papers)
    before = editions.links([one.id for one in papers])
    for suffix in ("-wal", "-shm"):
        store.editions.with_name(f"editions.db{suffix}").unlink(missing_ok=True)
    store.editions.write_bytes(b"not a database" * 1000)
    assert not editions.is_current and editions.links([one.id for one in papers]) == {}
    editions.update([papers[0].reading], {})
    assert editions.links([one.id for one in papers]) == before


def test_editions_are_made_where_they_are_missing_and_waited_for_where_another_makes_them(tmp_path, monkeypatch):
    monkeypatch.setattr(editions_file, "_BUSY_SECONDS", 0.05)
    papers = series()[:2]
    store = store_at(tmp_path)
    put(store, papers)
    editions = open_editions(Settings(corpus=store.root, network_disk=True))
    assert set(kinds(editions, papers).values()) == {"copy"}
    newer = replace(SECTION, revision=SECTION.revision + 1)
    monkeypatch.setattr(ledger_module, "SECTION", newer)
    with EditionsFile(store.editions).renewing(newer):
        assert not open_editions(Settings(corpus=store.root, network_disk=True)).is_current
        with pytest.raises(IndexBusy):
            editions.update([papers[0].reading], {})
    store.editions.unlink()
    editions.update([papers[0].reading], {})
    assert set(kinds(editions, papers).values()) == {"copy"}


def test_look_ups_read_an_index_and_never_the_whole_table(tmp_path):
    one = notice(number="")
    editions = linked(store_at(tmp_path), [one, notice()])
    asked: list[str] = []
    with editions._catalog.reading() as db:
        db.set_trace_callback(asked.append)
        for made in (one, notice()):
            face, _, numbers = face_of(made.reading, made.reading.documents[0], made.document)
            tables.same_number(db, face)
            tables.same_occasion(db, face)
            tables.like_text(db, face, numbers)
        db.set_trace_callback(None)
        plans = [row[3] for told in asked for row in db.execute(f"EXPLAIN QUERY PLAN {told}")]
    assert len(asked) == 5 and any("edition_face_by_number" in plan for plan in plans)
    assert not any(plan.startswith("SCAN") for plan in plans), plans


def test_without_a_catalogue_nothing_is_linked(tmp_path):
    editions = editions_at(store_at(tmp_path))
    (tmp_path / "editions.db").unlink()
    assert editions.links(["0" * 16 + "-1"]) == {} and not editions.is_current
    with pytest.raises(sqlite3.Error), editions._catalog.reading() as db:
        db.execute("SELECT 1 FROM sections")
    assert made("", "a.txt", "关于举办科普讲座的通知".encode()).reading.documents
