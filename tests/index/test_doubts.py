"""Which values are in doubt, why, and in which order."""

from doubt_kit import act, issue, paper

from gongwen.record import Evidence
from gongwen.resolving import resolve, resolve_all
from index.doubts import doubts_of


def told(record, *acts):
    return [(one.field, one.kinds, one.value) for one in doubts_of(resolve(record, acts))]


def candidate(value, score, start=40):
    return {"value": value, "evidence": [Evidence(start, start + 2, "xx", "other", score).to_json()]}


def test_a_sound_record_has_none():
    assert told(paper("a")) == []


def test_an_issue_is_about_its_value_or_about_itself():
    loose = issue("", "unbalanced_bracket", "“（”不成对")
    assert told(paper("a", issues=[issue(), loose])) == [
        ("document_number", ("issue",), "云科协字〔2024〕12号"), ("", ("issue",), ""),
    ]  # fmt: skip


def test_what_ocr_doubts_is_a_kind_of_its_own():
    assert told(paper("a", issues=[issue("theme", "ocr_doubtful")])) == [("theme", ("ocr",), "科普惠民")]


def test_candidates_count_when_they_come_near():
    near, far = candidate("另一标题", 0.7), candidate("另一标题", 0.4)
    assert told(paper("a", candidates={"title": [near]})) == [("title", ("disputed",), "关于举办科普日活动的通知")]
    assert told(paper("a", candidates={"title": [far]})) == []
    assert told(paper("a", candidates={"issuers": [candidate("云州市科协", 0.95)]})) == [
        ("issuers", ("disputed",), "云州市科学技术协会")
    ]


def test_low_scores_are_doubted_by_what_is_usual_in_head_and_tables():
    row = {"date": None, "text": "5月底前", "recurrence": None, "who": [], "action": "报送", "to": None, "kind": "duty"}
    record = paper("a", deadlines=[row], scores={"theme": 0.7, "deadlines/0/action": 0.6, "deadlines/0/text": 0.7})
    assert told(record) == [("theme", ("low",), "科普惠民"), ("deadlines", ("low",), "报送")]


def test_a_value_asks_once_whatever_the_number_of_its_doubts():
    record = paper("a", issues=[issue(), issue(code="other", message="另一处")], scores={"document_number": 0.6})
    found = doubts_of(resolve(record, []))
    assert [one.kinds for one in found] == [("issue", "low")]
    assert [one.message for one in found[0].reasons] == ["括号不规范", "另一处", "规则把握不大（0.6）"]


def test_a_judged_value_asks_no_more_until_extraction_changes_it():
    number = "云科协字〔2024〕12号"
    record = paper("a", issues=[issue()], candidates={"document_number": [candidate("云科协字〔2024〕21号", 0.9)]},
                   scores={"document_number": 0.6})  # fmt: skip
    assert told(record, act("document_number", number, number)) == []
    assert told(record, act("document_number", number, "云科协字〔2024〕21号")) == []
    assert [one[1] for one in told(record, act("document_number", "旧号", "新号"))] == [("issue", "disputed", "low"),
                                                                                  ("stale",)]  # fmt: skip


def test_a_doubt_that_was_looked_at_asks_no_more():
    loose = issue("", "unbalanced_bracket", "“（”不成对")
    assert told(paper("a", issues=[loose]), act("issues", loose.message, loose.message)) == []


def test_acts_of_a_document_that_is_gone_are_in_the_queue():
    other = paper("a", document_number=None, title="附件")
    other.values["part"] = {"number": 2, "start": 0, "end": 9}
    found = resolve_all([paper("a"), other], [act("theme", "甲", "乙", 99)])
    assert [one.kinds for one in doubts_of(found[0])] == [("stale",)]


def test_the_order_is_kind_field_score():
    stale = doubts_of(resolve(paper("a", theme="新"), [act("theme", "旧", "另")]))[0]
    number = doubts_of(resolve(paper("a", issues=[issue()]), []))[0]
    theme = doubts_of(resolve(paper("a", issues=[issue("theme")]), []))[0]
    disputed = doubts_of(resolve(paper("a", candidates={"title": [candidate("另", 0.9)]}), []))[0]
    ocr = doubts_of(resolve(paper("a", issues=[issue(code="ocr_doubtful")]), []))[0]
    low, lower = (doubts_of(resolve(paper("a", scores={"theme": score}), []))[0] for score in (0.7, 0.6))
    order = [stale, number, theme, disputed, ocr, lower, low]
    assert [one.rank for one in order] == sorted(one.rank for one in order)
    assert len({one.rank for one in order}) == len(order)
