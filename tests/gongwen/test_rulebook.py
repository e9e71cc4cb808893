"""Rules are data that must do what they say: examples, counterexamples, time."""

import pytest

from gongwen.errors import RuleError
from gongwen.rulebook import check_examples, load_rulebook, read_field
from gongwen.settings import Settings

FIELD = {
    "field": "case_number",
    "label": "案号",
    "type": "text",
    "patterns": [{"id": "court", "score": "0.8", "regex": r"（\d{4}）\p{Han}\d{2}民初\d+号"}],
    "examples": ["（2021）海02民初14号"],
    "counterexamples": ["云科协字〔2021〕14号"],
}


def test_ours_load_with_their_examples():
    book = load_rulebook()
    assert {"document_number", "theme", "hosts"} <= book.fields.keys()
    assert len(book.fingerprint) == 16


def test_a_rule_that_keeps_its_word():
    check_examples(read_field(FIELD, "case.yml"))


def test_refused_when_an_example_is_not_found():
    with pytest.raises(RuleError, match="example"):
        check_examples(read_field(FIELD | {"examples": ["没有案号"]}, "case.yml"))


def test_refused_when_an_example_has_another_value():
    wrong = [{"text": "（2021）海02民初14号", "value": "14号"}]
    with pytest.raises(RuleError, match="14号"):
        check_examples(read_field(FIELD | {"examples": wrong}, "case.yml"))


def test_refused_when_a_counterexample_matches():
    with pytest.raises(RuleError, match="counterexample"):
        check_examples(read_field(FIELD | {"counterexamples": ["见（2021）海02民初14号"]}, "case.yml"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"examples": []}, "needs an example"),
        ({"type": "colour"}, "unknown type"),
        ({"zones": ["attic"]}, "unknown zone"),
        ({"color": "red"}, "unknown key"),
        ({"patterns": [{"id": "x", "regex": "("}]}, "pattern x"),
        ({"patterns": [{"id": "x", "regex": "(?:[一-龥]+[、，]*)+。"}]}, "takes more than"),
        ({"patterns": [{"regex": "a"}]}, "a pattern has id"),
    ],
)
def test_refused(change, message):
    with pytest.raises(RuleError, match=message):
        read_field(FIELD | change, "case.yml")


def office(tmp_path, name, text):
    path = tmp_path / "rules" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return Settings(rules=tmp_path / "rules")


def test_an_office_adds_its_own_words(tmp_path):
    settings = office(tmp_path, "fields/hosts.yml", "field: hosts\nlabel: 主办单位\ntype: units\nlabels: [发起单位]\n")
    assert {"发起单位", "主办单位"} <= set(load_rulebook(settings).labels("hosts"))


def test_an_office_cannot_change_a_type(tmp_path):
    with pytest.raises(RuleError, match="type"):
        load_rulebook(office(tmp_path, "fields/hosts.yml", "field: hosts\nlabel: 主办单位\ntype: text\n"))


def test_an_office_adds_units(tmp_path):
    settings = office(tmp_path, "units/ours.yml", "- name: 云州市科学技术协会\n  aliases: [市科协]\n")
    assert {"name": "云州市科学技术协会", "aliases": ["市科协"]} in load_rulebook(settings).units


def test_a_missing_office_folder_is_said(tmp_path):
    with pytest.raises(RuleError, match="不存在"):
        load_rulebook(Settings(rules=tmp_path / "none"))
