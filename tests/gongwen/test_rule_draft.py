"""A pattern in the making: every problem told with its place, saved as a file that `rules check` reads, read back."""

from dataclasses import replace

import pytest

from gongwen.rule_draft import (
    Draft,
    as_yaml,
    compiled,
    free_id,
    matched,
    problems,
    read_examples,
    read_saved,
    read_words,
    saved_drafts,
    takes_patterns,
)
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings

BOOK = load_rulebook()
GOOD = Draft(
    "theme", "site_1", "以“(?P<value>[^”]{4,30})”为口号", "0.8", (), ("口号",),
    (("活动以“科技点亮生活”为口号。", "科技点亮生活"), ("以“共建新家园”为口号", None)),
    ("以口号为先导",), "口号也是主题",
)  # fmt: skip


def told(**changes):
    found = problems(replace(GOOD, **changes), BOOK)
    return [f"{one.place}：{one.message}" for one in found]


def test_a_good_one_has_none():
    assert problems(GOOD, BOOK) == []


@pytest.mark.parametrize(("changes", "message"), [
    ({"regex": "以“(?P<value>[^”]+为口号"}, "正则表达式末尾：少了右括号 )"),
    ({"regex": "以[甲"}, "方括号 [ 没有闭合"),
    ({"regex": "*甲"}, "正则表达式第 1 个字符：重复号（*、+、?、{}）前面没有内容"),
    ({"regex": r"\p{Hanzi}"}, r"\p{…} 里的名称不存在"),
    ({"regex": "(?P<1>甲)"}, "正则表达式"),
    ({"regex": ""}, "正则表达式：请写出正则表达式"),
    ({"regex": "甲" * 501}, "超过 500 个字符"),
    ({"regex": r"(?:(?:\p{Han}+)+)+。"}, "正则表达式：匹配"),
    ({"regex": r"(?:\p{Han}+、?)+：X?Y"}, "避免嵌套的重复"),
    ({"score": "2"}, "得分：应当是 0 到 1 之间的数"),
    ({"score": "高"}, "得分：应当是 0 到 1 之间的数"),
    ({"id": "Site 1"}, "代号：代号用小写英文字母"),
    ({"id": "../x"}, "代号：代号用小写英文字母"),
    ({"zones": ("nowhere",)}, "区域：没有名为 nowhere 的区域"),
    ({"field": "title"}, "字段：这个字段由专门的程序读取"),
    ({"field": "tasks"}, "字段：这个字段由专门的程序读取"),
    ({"field": "colour"}, "字段：这个字段由专门的程序读取"),
    ({"examples": ()}, "正例：请至少写一句"),
    ({"examples": (("以“科技点亮生活”为口号", None), ("没有的一句", None))}, "正例第 2 行：“没有的一句”没有匹配"),
    ({"examples": (("以“科技点亮生活”为口号", "别的"),)}, "为口号”应得“别的”，却得到“科技点亮生活”"),
    ({"counterexamples": ("甲", "以“科技点亮生活”为口号")}, "反例第 2 行：“以“科技点亮生活”为口号”不应当匹配"),
    ({"triggers": ("别的词",)}, "正例第 1 行"),
    ({"examples": (("字" * 401, None),)}, "正例第 1 行：超过 400 个字"),
    ({"counterexamples": ("甲",) * 101}, "反例：超过 100 行"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(changes, message):
    assert any(message in one for one in told(**changes)), told(**changes)


def test_the_saved_file_is_read_by_the_rulebook_and_by_the_form(tmp_path):
    folder = tmp_path / "fields"
    folder.mkdir()
    path = folder / GOOD.file_name
    path.write_text(as_yaml(GOOD, BOOK.fields["theme"], "林若溪（未登录） 2024-10-01"), encoding="utf-8")
    assert read_saved(path) == GOOD
    assert saved_drafts(tmp_path) == [GOOD]
    book = load_rulebook(Settings(rules=tmp_path))
    assert book.fields["theme"].patterns[0].id == "site_1"
    assert free_id("theme", book) == "site_2"
    assert "# 保存：林若溪（未登录）" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["field: [", "field: theme\nlabel: 主题\n", "- 1\n", "field: theme\npatterns: 3\n"])
def test_files_of_the_offices_own_are_left_alone(tmp_path, text):
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "theme.mine.yml").write_text(text, encoding="utf-8")
    assert saved_drafts(tmp_path) == []
    assert saved_drafts(None) == []


@pytest.mark.parametrize("note", ["多行\n# 保存：别人\nfield: x", "：- [", "\x85"])
def test_a_note_stays_a_comment(tmp_path, note):
    draft = replace(GOOD, note=note)
    (tmp_path / "fields").mkdir()
    path = tmp_path / "fields" / draft.file_name
    path.write_text(as_yaml(draft, BOOK.fields["theme"], "甲\nfield: y"), encoding="utf-8")
    assert read_saved(path).regex == GOOD.regex
    load_rulebook(Settings(rules=tmp_path))


def test_what_is_typed_in_the_form():
    assert read_examples("甲 => 乙\r\n\n丙\n丁 =>") == (("甲", "乙"), ("丙", None), ("丁", None))
    assert read_words("主题、口号， 主题\n标语") == ("主题", "口号", "标语")


def test_values_are_found_as_extraction_finds_them():
    assert matched(compiled(GOOD), "活动以“科技 点亮生活”为口号") == ["科技点亮生活"]
    assert matched(compiled(GOOD), "以“科技点亮生活”为主题") == []


def test_only_fields_that_patterns_can_read_take_any():
    taking = {name for name, rule in BOOK.fields.items() if takes_patterns(rule)}
    assert {"theme", "urgency", "signatory", "effective_date", "topics"} <= taking
    assert not taking & {"title", "document_number", "issuers", "tasks", "activity_time", "hosts"}
