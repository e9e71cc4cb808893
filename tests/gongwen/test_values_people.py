"""Names, posts and the lines of a roster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.values.people import (
    Post,
    close_name,
    find_appointments,
    is_post,
    looks_like_name,
    parse_roster_line,
    roster_names,
    split_posts,
)


@pytest.mark.parametrize(
    "text", ["周明远", "何立", "何 立", "何　立", "欧阳明远", "司马青", "阿不都·热合曼", "林㛃", "覃若溪"]
)
def test_names(text):
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text", ["", "周", "主任", "市科协", "何立明远", "平安", "2021", "A", "热合曼·", "周" * 99, "方案"]
)
def test_no_names(text):
    assert not looks_like_name(text)


def test_gaps_of_a_name_are_closed():
    assert close_name("何　立") == "何立"
    assert close_name("阿不都•热合曼") == "阿不都·热合曼"


@pytest.mark.parametrize(
    ("line", "role", "name", "post"),
    [
        ("组 长：\t周明远\t市科协党组书记、主席", "组长", "周明远", "市科协党组书记、主席"),
        ("\t林若溪\t市科协党组成员、副主席", None, "林若溪", "市科协党组成员、副主席"),
        ("组 员：\t何 立\t市科协学会部部长", "组员", "何立", "市科协学会部部长"),
        ("　　　　何　立　　某某局局长", None, "何立", "某某局局长"),
        ("成  员：何  立  市委组织部副部长", "成员", "何立", "市委组织部副部长"),
        ("        周明远  市民宗委副主任", None, "周明远", "市民宗委副主任"),
        ("组长：周明远（市科协党组书记）", "组长", "周明远", "市科协党组书记"),
        ("副组长：林若溪", "副组长", "林若溪", ""),
        ("召集人：欧阳明远  市科协主席", "召集人", "欧阳明远", "市科协主席"),
        ("  组长  周明远  市科协主席", "组长", "周明远", "市科协主席"),
        ("成员：市科协副主席　周明远", "成员", "周明远", "市科协副主席"),
        ("主任委员：周明远，市人民政府副市长；", "主任委员", "周明远", "市人民政府副市长"),
        ("阿不都·热合曼  市科协副主席", None, "阿不都·热合曼", "市科协副主席"),
    ],
)
def test_roster_lines(line, role, name, post):
    found = parse_roster_line(line)
    assert found is not None
    assert (found.role, found.name, found.post) == (role, name, post)
    assert close_name(found.name_span.of(line)) == name
    assert (close_name(found.post_span.of(line)) if found.post_span else "") == close_name(post)
    assert (close_name(found.role_span.of(line)) if found.role_span else None) == role


@pytest.mark.parametrize(
    "line",
    [
        "",
        "领导小组下设办公室，承担领导小组日常工作",
        "2020年 8月6日",
        "云州市人民政府办公室",
        "附件  领导小组成员名单",
        "科技局  市科协",
        "联系人：周明远",
        "成员：林若溪、何立、周明远",
        "周明远",
        "成员：各县（区）科协主席",
        "周" * 5000,
    ],
)
def test_no_roster_lines(line):
    assert parse_roster_line(line) is None


def test_several_persons_on_one_line():
    found = roster_names("成 员：林若溪、何 立、周明远")
    assert [(one.role, one.name) for one in found] == [("成员", "林若溪"), ("成员", "何立"), ("成员", "周明远")]
    assert roster_names("成员：林若溪、市科协") == []
    assert roster_names("成员：林若溪") == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("办公室主任由林若溪同志兼任。", ("办公室主任", "林若溪", "")),
        ("办公室设在市科协，办公室主任由市科协副主席林若溪兼任", ("办公室主任", "林若溪", "市科协副主席")),
        ("组长由何立担任", ("组长", "何立", "")),
    ],
)
def test_appointments_in_prose(text, who):
    (found,) = find_appointments(text)
    assert (found.role, found.name, found.post) == who
    assert found.name_span.of(text) == found.name


def test_no_appointment_without_a_name():
    assert find_appointments("办公室主任由市科协负责同志担任") == []


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("市科协党组书记、主席", [("市科协党组", "书记"), ("市科协", "主席")]),
        ("市委宣传部副部长、文明办主任", [("市委宣传部", "副部长"), ("文明办", "主任")]),
        ("市委常委、副市长", [("市委", "常委"), ("市政府", "副市长")]),
        ("市人民政府副秘书长", [("市人民政府", "副秘书长")]),
        ("市科协党支部专职副书记", [("市科协党支部", "专职副书记")]),
        ("生态环境部部长", [("生态环境部", "部长")]),
        ("云州科技馆馆长", [("云州科技馆", "馆长")]),
        ("市林业和园林局总工程师", [("市林业和园林局", "总工程师")]),
        ("市科协副主席兼秘书长", [("市科协", "副主席"), ("市科协", "秘书长")]),
        ("热心人", [("", "热心人")]),
    ],
)
def test_posts(text, posts):
    assert split_posts(text) == [Post(*pair) for pair in posts]


def test_what_ends_as_a_post():
    assert is_post("市科协党组书记、主席")
    assert not is_post("市科协")
    assert not is_post("")


@given(st.text(alphabet="组长：成 员\t　周明远何立市科协副主席书记、，（）·由兼任同志\n", max_size=60))
def test_any_line_is_read_and_spans_quote_it(line):
    found = parse_roster_line(line)
    for one in ([found] if found else []) + roster_names(line) + find_appointments(line):
        assert close_name(one.name_span.of(line)) == one.name
    split_posts(line)


@pytest.mark.parametrize("piece", ["周", " ", "、", "由", "由林若溪兼任", "书记", "成员：", "周 "])
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece)) + "。组长由何立担任"
    assert find_appointments(text)[-1].name == "何立"
    assert parse_roster_line(text) is None
    assert split_posts(text) == []
