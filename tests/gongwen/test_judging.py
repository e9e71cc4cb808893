"""Deciding about a value: what was seen must still be there, every act is kept once, decisions are taken back whole."""

from __future__ import annotations

import threading

import pytest
from review_words import NUMBER, act, paper, row

from gongwen.errors import TypedError
from gongwen.judging import Asked, Conflict, Gone, judge, judge_all, look, take_back, take_back_all
from gongwen.record import Reading
from gongwen.store import Store
from gongwen.targets import Target, targets

SHA = "0123456789abcdef" * 4
ADDRESS = "0123456789abcdef-1"
WHO, OTHER = "林若溪", "周明远"


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus", network_disk=True)
    made.create()
    put(made, paper())
    return made


def put(store, record, *more):
    store.put_reading(Reading("甲.txt", SHA, "text/plain", True, [], [record, *more], "f"))


def seen(store, **wanted) -> Target:
    found = look(store, SHA, ADDRESS)
    return next(one for one in targets(found) if all(getattr(one, key) == each for key, each in wanted.items()))


def do(store, target, verb, *says, by=WHO):
    return judge(store, SHA, Asked(ADDRESS, target.key, target.seen, verb, says), by).acts


def value(store, key):
    return look(store, SHA, ADDRESS).record[key]


def test_every_value_has_a_key_of_its_own_and_keeps_it():
    found = look_twice = [[one.key for one in targets(_resolved())] for _ in range(2)]
    assert found[0] == look_twice[1]
    assert len(set(found[0])) == len(found[0])


def _resolved():
    from gongwen.resolving import resolve

    return resolve(paper(), [])


def test_confirm_correct_deny_add(store):
    assert do(store, seen(store, name="theme"), "correct", "科普为民")[0].say == "科普为民"
    assert value(store, "theme") == "科普为民"
    do(store, seen(store, name="issuers", value="云州市科协"), "deny")
    do(store, seen(store, name="issuers", kind="list"), "add", "云州市科技局", "云州市水利局")
    assert value(store, "issuers") == ["云州市教育局", "云州市科技局", "云州市水利局"]
    do(store, seen(store, name="title"), "confirm")
    assert seen(store, name="title").state == "confirmed"
    assert len(store.reviews(SHA)) == 5


def test_cells_and_rows(store):
    do(store, seen(store, column="lead", value="市教育局"), "correct", "市科技局")
    do(store, seen(store, kind="cell", column="email"), "correct", "kp@example.com")
    do(store, seen(store, kind="table", field="contacts"), "add", row("contacts", name="林若溪"))
    do(store, seen(store, kind="row", row="启动仪式"), "deny")
    assert value(store, "tasks")[0]["lead"] == ["市科技局"]
    assert [one["name"] for one in value(store, "contacts")] == ["何立", "林若溪"]
    assert len(value(store, "tasks")) == 2
    assert look(store, SHA, ADDRESS).stale == []


def test_what_has_changed_since_it_was_seen_is_a_conflict_and_nothing_is_written(store):
    target = seen(store, name="theme")
    do(store, target, "correct", "科普为民", by=OTHER)
    with pytest.raises(Conflict) as told:
        do(store, target, "correct", "科普利民")
    assert told.value.now.record["theme"] == "科普为民"
    assert (value(store, "theme"), len(store.reviews(SHA))) == ("科普为民", 1)


def test_what_somebody_has_confirmed_since_is_told_too(store):
    target = seen(store, name="theme")
    do(store, target, "confirm", by=OTHER)
    with pytest.raises(Conflict, match="有人复核过"):
        do(store, target, "correct", "科普利民")


def test_a_form_that_is_sent_twice_is_kept_once(store):
    for verb, says in (("correct", ("科普为民",)), ("confirm", ())):
        target = seen(store, name="theme")
        do(store, target, verb, *says)
        assert do(store, target, verb, *says) == ()
    target = seen(store, name="issuers", value="云州市科协")
    do(store, target, "deny")
    assert do(store, target, "deny") == ()
    place = seen(store, name="hosts", kind="list")
    do(store, place, "add", "甲局")
    assert do(store, place, "add", "甲局") == ()
    assert len(store.reviews(SHA)) == 4


def test_what_is_there_is_not_added(store):
    with pytest.raises(TypedError, match="已经在其中"):
        do(store, seen(store, name="issuers", kind="list"), "add", "云州市教育局")


def test_an_absent_value_is_confirmed_as_absent(store):
    do(store, seen(store, name="urgency"), "confirm")
    do(store, seen(store, name="hosts", kind="list"), "confirm")
    found = look(store, SHA, ADDRESS)
    assert (found.states["urgency"], found.states["hosts"]) == ("confirmed", "confirmed")
    with pytest.raises(ValueError, match="not empty"):
        do(store, seen(store, name="issuers", kind="list"), "confirm")


def test_a_doubt_without_a_value_is_looked_at(store):
    do(store, seen(store, kind="issue"), "confirm")
    assert [one.code for one in look(store, SHA, ADDRESS).record.issues] == ["bracket_variant"]


def test_what_may_not_be_done_is_refused(store):
    with pytest.raises(ValueError, match="deny of issue"):
        do(store, seen(store, kind="issue"), "deny")


def test_taking_back_leaves_all_on_the_disk(store):
    mark = do(store, seen(store, name="theme"), "correct", "科普为民")[0].mark
    take_back(store, SHA, ADDRESS, mark, OTHER)
    assert value(store, "theme") == "科普惠民"
    assert look(store, SHA, ADDRESS).states == {}
    assert [one.by for one in store.reviews(SHA)] == [WHO, OTHER]
    with pytest.raises(Conflict, match="已经撤销"):
        take_back(store, SHA, ADDRESS, mark, WHO)


def test_only_the_last_word_about_a_value_is_taken_back(store):
    mark = do(store, seen(store, name="theme"), "correct", "科普为民")[0].mark
    do(store, seen(store, name="theme"), "correct", "科普利民", by=OTHER)
    with pytest.raises(Conflict, match="又有人复核过"):
        take_back(store, SHA, ADDRESS, mark, WHO)
    assert value(store, "theme") == "科普利民"


def test_several_acts_of_one_decision_are_taken_back_as_one(store):
    acts = do(store, seen(store, name="hosts", kind="list"), "add", "甲局", "乙局")
    take_back(store, SHA, ADDRESS, acts[-1].mark, WHO)
    assert value(store, "hosts") == []


@pytest.mark.parametrize(("verb", "after"), [("confirm", "新主题"), ("insist", "科普为民"), ("correct", "第三种")])
def test_an_act_out_of_date_is_settled(store, verb, after):
    do(store, seen(store, name="theme"), "correct", "科普为民")
    put(store, paper(theme="新主题"))
    acts = do(store, seen(store, kind="stale"), verb, *(["第三种"] if verb == "correct" else []))
    found = look(store, SHA, ADDRESS)
    assert (found.record["theme"], found.stale) == (after, [])
    take_back(store, SHA, ADDRESS, acts[-1].mark, WHO)
    found = look(store, SHA, ADDRESS)
    assert (found.record["theme"], len(found.stale)) == ("新主题", 1)


@pytest.mark.parametrize(("verb", "after"), [("confirm", ["丁局"]), ("insist", ["丁局", "丙局"])])
def test_an_act_out_of_date_about_a_list(store, verb, after):
    do(store, seen(store, name="issuers", value="云州市科协"), "correct", "丙局")
    put(store, paper(issuers=["丁局"]))
    do(store, seen(store, kind="stale"), verb)
    found = look(store, SHA, ADDRESS)
    assert (found.record["issuers"], found.stale) == (after, [])


def test_of_a_row_that_is_not_there_nothing_can_be_said_but_that(store):
    do(store, seen(store, column="lead", value="市教育局"), "correct", "市科技局")
    put(store, paper(tasks=[]))
    target = seen(store, kind="stale")
    with pytest.raises(ValueError, match="nothing to say"):
        do(store, target, "insist")
    do(store, target, "confirm")
    assert look(store, SHA, ADDRESS).stale == []


def test_a_batch_skips_what_changed_and_is_taken_back_except_where_somebody_spoke(store):
    theme, title, issuer = (seen(store, name=name) for name in ("theme", "title", "issuers"))
    do(store, theme, "correct", "科普为民", by=OTHER)
    wanted = [(SHA, Asked(ADDRESS, one.key, one.seen, "confirm")) for one in (theme, title, issuer)]
    done = judge_all(store, wanted, WHO)
    assert (len(done.acts), [one.key for one in done.skipped]) == (2, [theme.key])
    assert {one.batch for one in done.acts} == {done.batch}
    do(store, seen(store, name="title"), "correct", "关于举办科普月活动的通知", by=OTHER)
    changed, kept = take_back_all(store, [SHA], done.batch, WHO)
    assert (changed, kept) == ([SHA], 1)
    found = look(store, SHA, ADDRESS)
    assert found.record["title"] == "关于举办科普月活动的通知"
    assert found.lists["issuers"].slots[0].state == "extracted"


def test_a_document_that_is_gone_is_told(store):
    with pytest.raises(Gone):
        judge(store, SHA, Asked("0123456789abcdef-9", "", "", "confirm"), WHO)
    store.forget(SHA)
    with pytest.raises(Gone):
        look(store, SHA, ADDRESS)


def test_an_act_is_signed_named_and_placed(store):
    done = do(store, seen(store, name="theme"), "confirm")[0]
    assert (done.document, done.field, done.by, done.part) == (NUMBER, "theme", WHO, 1)
    assert done.at[10] == "T"
    assert "+" in done.at or done.at.endswith("Z")


def test_a_hundred_people_at_once_lose_nothing(store):
    """Each adds a value of their own; all are there, and of those who want one value exactly one gets it."""
    theme = seen(store, name="theme")
    place = seen(store, name="hosts", kind="list")
    won = []

    def work(number):
        do(store, place, "add", f"第{number}局", by=str(number))
        try:
            do(store, theme, "correct", f"主题{number}", by=str(number))
            won.append(number)
        except Conflict:
            pass

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(value(store, "hosts")) == sorted(f"第{number}局" for number in range(20))
    assert [value(store, "theme")] == [f"主题{number}" for number in won]


def test_a_review_file_without_a_last_line_end_is_appended_to(store):
    store.add_review(SHA, act("theme", "科普惠民", "科普为民"))
    path = store.review_path(SHA)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    store.add_review(SHA, act("title", None, "甲"))
    assert [one.field for one in store.reviews(SHA)] == ["theme", "title"]
