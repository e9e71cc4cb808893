"""People's words put to a record: single values, lists, tables; what holds no more; doubts that are answered."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given
from review_words import NUMBER, TIME, act, back, paper, row

from gongwen.acts import Review, standing
from gongwen.resolving import place_of_issue, resolve, resolve_all, share
from gongwen.review import effective
from gongwen.row_names import join, names_among, names_of, split


def words(*acts, record=None):
    return resolve(record or paper(), acts).record


def test_the_machines_record_stays_as_it_is():
    record = paper()
    before = repr(record.to_json())
    resolve(record, [act("theme", "科普惠民", "科普为民"), act("issuers", "云州市科协", None),
                     act("tasks/科普进校园/lead", "市教育局", "市科技局")])  # fmt: skip
    assert repr(record.to_json()) == before


def test_without_acts_it_is_the_record_itself():
    record = paper()
    assert resolve(record, []).record is record


def test_a_corrected_number_is_taken_apart_again():
    found = words(act("document_number", NUMBER, "云科协字〔2024〕21号"))
    assert found["number_parts"] == {"agency": "云科协字", "year": 2024, "serial": 21}
    assert words(act("document_number", NUMBER, "第2号"))["number_parts"] is None


def test_a_value_with_parts_is_one_value():
    later = TIME | {"text": "9月15日至26日", "end": "2024-09-26"}
    assert words(act("activity_time", TIME, later))["activity_time"] == later


def test_lists_keep_their_order_and_places_move_with_their_values():
    found = words(act("issuers", "云州市科协", None))
    assert found["issuers"] == ["云州市教育局"]
    assert [one.start for one in found.evidence["issuers/0"]] == [paper().evidence["issuers/1"][0].start]
    assert "issuers/1" not in found.evidence


def test_an_added_value_has_no_place_and_a_corrected_one_keeps_that_of_the_wrong_one():
    found = words(act("issuers", None, "云州市科技局"), act("issuers", "云州市科协", "云州市科学技术协会"))
    assert found["issuers"] == ["云州市科学技术协会", "云州市教育局", "云州市科技局"]
    assert found.evidence["issuers/0"] == paper().evidence["issuers/0"]
    assert "issuers/2" not in found.evidence


def test_a_value_that_is_there_is_not_doubled():
    assert words(act("issuers", None, "云州市教育局"))["issuers"] == ["云州市科协", "云州市教育局"]
    assert words(act("issuers", "云州市科协", "云州市教育局"))["issuers"] == ["云州市教育局"]


def test_a_later_word_counts_even_when_it_names_what_was_read():
    both = (act("issuers", "云州市科协", "甲局"), act("issuers", "云州市科协", "乙局"))
    assert words(*both)["issuers"] == ["乙局", "云州市教育局"]
    both = (act("issuers", "云州市科协", None), act("issuers", None, "云州市科协"))
    assert words(*both)["issuers"] == ["云州市科协", "云州市教育局"]


def test_an_empty_list_can_be_confirmed_as_empty():
    found = resolve(paper(), [act("hosts", [], [])])
    assert (found.record["hosts"], found.states["hosts"], found.stale) == ([], "confirmed", [])


def test_cells_are_named_by_the_words_of_their_row():
    acts = act("tasks/科普进校园/lead", "市教育局", "市科技局"), act("contacts/何立/phones", "13900000001", None)
    found = words(*acts)
    assert found["tasks"][0]["lead"] == ["市科技局"]
    assert found["contacts"][0]["phones"] == ["0999-5550123"]
    assert words(act("contacts/何立/email", None, "kp@example.com"))["contacts"][0]["email"] == "kp@example.com"


def test_rows_of_one_name_are_told_apart_by_more_of_their_words():
    record = paper()
    named = names_among("tasks", record["tasks"])
    assert named == ["科普进校园", "启动仪式｜重点活动", "启动仪式｜县区活动"]
    assert names_among("tasks", [record["tasks"][0]] * 2) == ["科普进校园｜重点活动"] * 2
    found = words(act(join("tasks", named[2], "lead"), "市科协", "各县区"))
    assert [one["lead"] for one in found["tasks"]] == [["市教育局"], ["市科协"], ["各县区"]]


def test_a_name_that_two_different_rows_share_is_nobodys():
    found = resolve(paper(), [act("tasks/启动仪式/lead", "市科协", "各县区")])
    assert [one["lead"] for one in found.record["tasks"]] == [["市教育局"], ["市科协"], ["市科协"]]
    assert len(found.stale) == 1


def test_a_short_name_still_does_where_only_one_row_holds_what_was_seen():
    record = paper()
    record["tasks"][2]["lead"] = ["各县区"]
    assert words(act("tasks/启动仪式/lead", "市科协", "市科技局"), record=record)["tasks"][1]["lead"] == ["市科技局"]


def test_a_corrected_name_does_not_lose_the_other_acts_of_the_row():
    rename = act("tasks/科普进校园/title", "科普进校园", "科普校园行")
    lead = act("tasks/科普进校园/lead", "市教育局", "市科技局")
    for acts in ((rename, lead), (lead, rename), (rename, lead, back(rename))):
        found = resolve(paper(), acts)
        assert found.record["tasks"][0]["lead"] == ["市科技局"]
        assert found.stale == []


def test_rows_are_added_removed_and_confirmed_whole():
    record = paper()
    fresh = row("tasks", title="总结表彰", lead=["市科协"])
    found = words(act("tasks", record["tasks"][1], None), act("tasks", None, fresh))
    assert [one["title"] for one in found["tasks"]] == ["科普进校园", "启动仪式", "总结表彰"]
    assert found["same_tasks"] == [[0, 1]]
    assert found.evidence["tasks/1/group"] == record.evidence["tasks/2/group"]
    assert not [path for path in found.evidence if path.startswith("tasks/2")]
    confirmed = resolve(record, [act("tasks", record["tasks"][0], record["tasks"][0])])
    assert confirmed.tables["tasks"].lines[0].state == "confirmed"
    assert confirmed.record.values == record.values


def test_a_pair_of_tasks_goes_with_its_row():
    record = paper()
    assert words(act("tasks", record["tasks"][2], None))["same_tasks"] == []


def test_what_extraction_now_says_otherwise_asks_again():
    record = paper(theme="新的主题")
    found = resolve(record, [act("theme", "科普惠民", "科普为民")])
    assert (found.record["theme"], found.states["theme"], len(found.stale)) == ("新的主题", "stale", 1)


def test_what_extraction_now_says_as_the_person_did_is_confirmed():
    record = paper(theme="科普为民")
    found = resolve(record, [act("theme", "科普惠民", "科普为民")])
    assert (found.states["theme"], found.stale) == ("confirmed", [])
    record = paper(issuers=["云州市教育局"])
    assert resolve(record, [act("issuers", "云州市科协", None)]).stale == []


def test_a_value_spoken_of_again_is_not_stale_any_more():
    record = paper(theme="新的主题")
    again = [act("theme", "科普惠民", "科普为民"), act("theme", "新的主题", "新的主题")]
    found = resolve(record, again)
    assert (found.stale, found.states["theme"]) == ([], "confirmed")


def test_a_lost_row_makes_its_acts_stale_and_loses_none():
    record = paper(tasks=[])
    found = resolve(record, [act("tasks/科普进校园/lead", "市教育局", "市科技局")])
    assert (len(found.stale), found.states["tasks"]) == (1, "stale")


def test_fields_of_another_version_are_stale_not_lost():
    assert len(resolve(paper(), [act("colour", "红", "蓝"), act("tasks/科普进校园/colour", "红", "蓝")]).stale) == 2


def test_taking_back_and_taking_back_that():
    first = act("theme", "科普惠民", "科普为民")
    assert words(first, back(first))["theme"] == "科普惠民"
    assert resolve(paper(), [first, back(first)]).states == {}
    assert words(first, back(first), back(back(first)))["theme"] == "科普为民"
    assert words(first, back(first), first)["theme"] == "科普为民"


def test_doubts_of_a_judged_value_are_answered():
    found = resolve(paper(), [act("document_number", NUMBER, NUMBER)])
    assert [one.code for one in found.record.issues] == ["loose"]
    assert found.settled[0][0].code == "bracket_variant"
    found = resolve(paper(), [act("issues", "“（”不成对", "“（”不成对")])
    assert [one.code for one in found.record.issues] == ["bracket_variant"]


def test_a_doubt_about_a_list_is_about_the_value_it_overlaps():
    record = paper()
    from gongwen.record import Issue
    from gongwen.text import Span

    place = record.evidence["issuers/1"][0]
    issue = Issue("names_differ", "issuers", "不一致", Span(place.start + 1, place.end + 3))
    assert place_of_issue(record, issue) == "issuers/1"
    assert place_of_issue(record, Issue("names_differ", "issuers", "不一致")) == ""


def test_acts_of_a_file_of_one_document_are_its_own_whatever_they_call_it():
    record = paper(document_number="云科协字〔2024〕13号", title="关于举办科普月活动的通知")
    found = resolve_all([record], [act("theme", "科普惠民", "科普为民")])
    assert found[0].record["theme"] == "科普为民"


def test_acts_of_a_lost_document_ask_again():
    one, two = paper(), paper(document_number=None, title="附件")
    two.values["part"] = {"number": 2, "start": 0, "end": 9}
    found = resolve_all([one, two], [act("theme", "科普惠民", "科普为民", document="别的文号", part=2)])
    assert [len(each.stale) for each in found] == [0, 1]
    assert found[1].states == {"theme": "stale"}


def test_documents_of_one_name_are_told_apart_by_their_place():
    one, two = paper(), paper()
    two.values["part"] = {"number": 2, "start": 0, "end": 9}
    shared = share([one, two], [act("theme", "科普惠民", "科普为民", part=2), act("theme", "科普惠民", "科普利民")])
    assert [len(each) for each in shared.of] == [1, 2]


def test_effective_still_tells_what_it_told():
    acts = [act("theme", "科普惠民", "乙"), act("theme", "科普惠民", "丙", document="别的")]
    people, states = effective(paper(), acts)
    assert (people["theme"], states) == ("乙", {"theme": "corrected"})


def test_names_of_rows_survive_slashes_and_tildes():
    assert split(join("tasks", "讲座/展览~巡展", "lead")) == ["tasks", "讲座/展览~巡展", "lead"]
    assert names_of("contacts", row("contacts", phones=["1", "2"])) == ("1、2",)
    assert names_of("contacts", row("contacts")) == ("",)


def test_a_file_of_an_older_version_is_read_and_an_older_version_reads_ours():
    old = {"document": NUMBER, "field": "theme", "saw": "甲", "say": "乙", "by": "何立", "at": "2024-01-01"}
    review = Review.from_json(old)
    assert review.to_json() == old
    ours = act("theme", "甲", "乙", part=1, batch="b", takes_back="m").to_json()
    assert {key: ours[key] for key in old} | {"by": "何立", "at": "2024-01-01"} == old


ACTS = st.lists(st.tuples(
    st.sampled_from(["theme", "issuers", "hosts", "tasks/科普进校园/lead", "contacts/何立/email"]),
    st.sampled_from([None, "科普惠民", "云州市科协", "市教育局", "甲", "乙"]),
    st.sampled_from([None, "甲", "乙", "云州市教育局"]),
), max_size=8)  # fmt: skip


@given(ACTS, ACTS)
def test_no_act_is_lost_and_replaying_gives_the_same(before, after):
    """Whatever was said: every act stands, is stale or has been answered; and a re-extraction that changes nothing
    changes nothing."""
    acts = [act(field, saw, say, by=str(at)) for at, (field, saw, say) in enumerate([*before, *after])]
    found, again = resolve(paper(), acts), resolve(paper(), acts)
    assert found.record.values == again.record.values
    assert [one.mark for one in found.acts] == [one.mark for one in standing(acts)]
    for path, places in found.record.evidence.items():
        assert places == again.record.evidence[path]
    values = {path for path, _ in found.record.paths()}
    assert all(any(held == path or held.startswith(f"{path}/") for held in values) for path in found.record.evidence)
