"""A person's word wins while extraction still says what they saw; else the field is stale."""

from gongwen.record import Record, empty_values
from gongwen.review import Field, Review, apply, effective


def review(field, saw, say, document="云科协字〔2024〕12号"):
    return Review(document, field, saw, say, "林若溪", "2024-10-01T09:00:00+08:00")


def test_confirmed_corrected_denied():
    field = Field("theme", "科普惠民")
    assert apply(field, [review("theme", "科普惠民", "科普惠民")]).state == "confirmed"
    assert apply(field, [review("theme", "科普惠民", "科普为民")]) == Field("theme", "科普为民", "corrected")
    assert apply(field, [review("theme", "科普惠民", None)]) == Field("theme", None, "corrected")


def test_stale_when_extraction_says_something_new():
    assert apply(Field("theme", "新主题"), [review("theme", "旧主题", "更正")]) == Field("theme", "新主题", "stale")


def test_a_later_word_answers_an_earlier_one():
    both = [review("theme", "甲", "乙"), review("theme", "乙", "丙")]
    assert apply(Field("theme", "甲"), both) == Field("theme", "丙", "corrected")


def test_reviews_of_other_fields_do_nothing():
    assert apply(Field("theme", "甲"), [review("title", "甲", "乙")]) == Field("theme", "甲")


def test_list_values_are_named_by_their_text():
    field = Field("issuers", ["甲局", "乙局"])
    assert apply(field, [review("issuers", "乙局", "丙局")]).value == ["甲局", "丙局"]
    assert apply(field, [review("issuers", "乙局", None)]).value == ["甲局"]
    assert apply(field, [review("issuers", None, "丁局")]).value == ["甲局", "乙局", "丁局"]
    assert apply(field, [review("issuers", "不在", "丁局")]).state == "stale"


def test_effective_record_keeps_the_machine_one():
    values = empty_values() | {"document_number": "云科协字〔2024〕12号", "theme": "甲"}
    record = Record(values)
    people, states = effective(record, [review("theme", "甲", "乙"), review("theme", "甲", "丙", "别的文号")])
    assert (people["theme"], record["theme"], states) == ("乙", "甲", {"theme": "corrected"})
