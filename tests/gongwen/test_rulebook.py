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
    with pytest.raises(RuleError, match="正例“没有案号”没有一条模式能匹配"):
        check_examples(read_field(FIELD | {"examples": ["没有案号"]}, "case.yml"))


def test_refused_when_an_example_has_another_value():
    wrong = [{"text": "（2021）海02民初14号", "value": "14号"}]
    with pytest.raises(RuleError, match="应得“14号”，却得到 （2021）海02民初14号"):
        check_examples(read_field(FIELD | {"examples": wrong}, "case.yml"))


def test_refused_when_a_counterexample_matches():
    with pytest.raises(RuleError, match=r"反例“见.*被模式 court 匹配"):
        check_examples(read_field(FIELD | {"counterexamples": ["见（2021）海02民初14号"]}, "case.yml"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"examples": []}, "字段 case_number：写了模式.*要有正例"),
        ({"type": "colour"}, "不认识的类型 colour，可用：.*date"),
        ({"zones": ["attic"]}, "不认识的区域 attic，可用：.*body"),
        ({"color": "red"}, "不认识的项 color，可用：.*label"),
        ({"patterns": [{"id": "x", "regex": "("}]}, "case.yml: 字段 case_number：模式 x：正则表达式写错了"),
        ({"patterns": [{"id": "x", "regex": "(?:[一-龥]+[、，]*)+。"}]}, "模式 x：匹配.*超过 0.2 秒"),
        ({"labels": "案号"}, "labels 应当是列表"),
        ({"labels": [["案号"]]}, "labels 的每一项应当是文字"),
        ({"zones": "body"}, "zones 应当是列表"),
        ({"type": ["text"]}, "type 应当是一个词"),
        ({"examples": [{"text": "x"}]}, "正例应当是一句原文"),
        ({"patterns": [{"id": "x", "regex": "a", "score": "高"}]}, "模式 x：score 应当是 0 到 1 之间的数，现在是 高"),
        ({"patterns": [{"id": "x", "regex": "a", "score": "8"}]}, "score 应当是 0 到 1"),
        ({"patterns": [{"regex": "a"}]}, "每条模式写 id、regex"),
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
    with pytest.raises(RuleError, match=r"hosts\.yml: 字段 hosts：类型应当与本系统的一致（units），现在是 text"):
        load_rulebook(office(tmp_path, "fields/hosts.yml", "field: hosts\nlabel: 主办单位\ntype: text\n"))


def test_an_office_adds_units(tmp_path):
    settings = office(tmp_path, "units/ours.yml", "- name: 云州市科学技术协会\n  aliases: [市科协]\n")
    assert {"name": "云州市科学技术协会", "aliases": ["市科协"]} in load_rulebook(settings).units


def test_a_missing_office_folder_is_said(tmp_path):
    with pytest.raises(RuleError, match="不存在"):
        load_rulebook(Settings(rules=tmp_path / "none"))


@pytest.mark.parametrize("name", ["hosts.yml", "unit/ours.yml", "field/hosts.yml", "hosts.yaml"])
def test_a_file_that_nothing_reads_is_said(tmp_path, name):
    with pytest.raises(RuleError, match=r"放错了位置.*fields、vocab、units、facts") as caught:
        load_rulebook(office(tmp_path, name, "field: hosts\nlabel: 主办单位\ntype: units\n"))
    assert name in str(caught.value)


def test_a_rule_file_has_one_extension(tmp_path):
    with pytest.raises(RuleError, match=r"hosts\.yaml: .*改名"):
        load_rulebook(office(tmp_path, "fields/hosts.yaml", "field: hosts\nlabel: 主办单位\ntype: units\n"))


def test_a_failing_example_names_the_office_s_file(tmp_path):
    text = "field: hosts\nlabel: 主办单位\ntype: units\npatterns:\n  - {id: x, regex: 发起}\nexamples: [没有这个词]\n"
    with pytest.raises(RuleError, match=r"rules/fields/hosts\.yml: 字段 hosts：正例“没有这个词”"):
        load_rulebook(office(tmp_path, "fields/hosts.yml", text))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("units/ours.yml", "云州市科协: x\n", "应当是机构的列表"),
        ("vocab/surnames.yml", "- 甲\n", r"surnames\.yml: 与本系统的同名词表形式不一致"),
    ],
)
def test_an_office_s_lists_keep_their_form(tmp_path, name, text, told):
    with pytest.raises(RuleError, match=told):
        load_rulebook(office(tmp_path, name, text))
