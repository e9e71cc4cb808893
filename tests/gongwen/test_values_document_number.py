"""Document numbers: every printed variant is found, nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.text import fold_width
from gongwen.values.document_number import (
    BareNumber,
    DocumentNumber,
    find_bare_numbers,
    find_numbers,
    is_blank_number,
    read_typed,
)

AGENCIES = st.sampled_from(
    ["云科协字", "海科协普发", "国办函", "云政办", "云全科组办发", "国发明电", "科协发（组）字", "厅字"]
)
NUMBERS = st.builds(DocumentNumber, AGENCIES, st.integers(1949, 2099), st.integers(1, 99999))


@given(NUMBERS)
def test_parse_reads_what_str_writes(number):
    assert DocumentNumber.parse(str(number)) == number


@given(NUMBERS, st.text(alphabet="，。；：“”\n ", max_size=6), st.text(alphabet="，。；“”\n ", max_size=6))
def test_a_number_in_a_text_is_quoted_by_its_span(number, before, after):
    text = f"{before}{number}{after}"
    (match,) = find_numbers(text)
    assert match.span.of(text) == str(number)
    assert match.value == number
    assert not match.variant


@given(st.text(alphabet="云科协字发〔〕（）[]【】2021第14号号、〇一二 \n年", max_size=80))
def test_any_text_is_read_without_an_error_and_spans_quote_it(text):
    for match in find_numbers(text):
        assert "".join(match.span.of(text).split()) == match.text
        assert match.value.serial > 0
    for bare in find_bare_numbers(text):
        assert 0 <= bare.span.start < bare.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "云科协字【2021】14号",
        "云科协字[2021]14号",
        "云科协字［2021］14号",
        "云科协字﹝2021﹞14号",
        "云科协字（2021）14号",
        "云科协字(2021)14号",
        "云科协字〔2021〕14 号",
        "云科协字〔2021〕14號",
        "云科协字〔２０２１〕１４号",
        "云科协字 〔 2 0 2 1 〕 1 4 号",
        "云 科 协 字 〔2021〕14号",
        "云科协字〔21〕14号",
        "云科协字〔二〇二一〕14号",
        "云科协字〔二○二一〕14号",
        "云科协字〔2021〕第14号",
        "云科协字〔2021〕014号",
        "云科协字〔2021年〕14号",
        "云科协字〔2021〕十四号",
        "云科协字〈2021〉14号",
    ],
)
def test_variants_have_one_normal_form(text):
    number = DocumentNumber.parse(text)
    assert str(number) == "云科协字〔2021〕14号"
    assert find_numbers(text)[0].variant


def test_two_digit_years_of_the_last_century():
    assert DocumentNumber.parse("国办函〔96〕16号") == DocumentNumber("国办函", 1996, 16)


@pytest.mark.parametrize(
    "text",
    [
        "", "第117号", "〔2021〕117号", "云府办函2021117号", "中山西路19号", "万象城1号门外", "海ICP备2022005379号",
        "云公网安备45020002000001号", "（2021）云02民初14号", "《纲要（2021-2035年）》", "国务院令第783号",
        "GB/T 9704—2012", "经费（2021）3号台账", "三〇五地质大队", "云科协字〔2021〕  号", "云科协字〔2021〕0号",
        "云科协字〔1821〕3号", "云科协字〔2021）3号",
    ],
)  # fmt: skip
def test_not_a_number(text):
    assert find_numbers(text) == []
    assert DocumentNumber.parse(text) is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("根据国办发〔2021〕14号文件精神", "国办发"),
        ("详见云科协字〔2021〕3号", "云科协字"),
        ("《关于做好工作的通知》（海科协普发〔2024〕28 号）文件精神", "海科协普发"),
        ("参照执行的云政办〔2020〕75号", "云政办"),
        ("（转发云科发〔2020〕5号）", "云科发"),
        ("（云科\n协字〔2020〕5号）", "云科协字"),
        ("云大数经[2026]5号", "云大数经"),
        ("海经信创新〔2014〕3号", "海经信创新"),
    ],
)
def test_words_glued_in_front_are_cut_off(text, agency):
    assert [match.value.agency for match in find_numbers(text)] == [agency]


def test_known_agencies_win_over_the_cutting_rules():
    text = "请见云和科字〔2021〕3号"
    assert find_numbers(text, known={"云和科字"})[0].value.agency == "云和科字"


def test_a_weak_bracket_alone_on_its_line_takes_any_code():
    assert [str(one.value) for one in find_numbers("标题\n 云大数经（2026）5号 \n正文")] == ["云大数经〔2026〕5号"]
    assert find_numbers("标题 云大数经（2026）5号 正文") == []


def test_an_elliptic_list_is_several_numbers():
    text = "按照海科协普发〔2020〕10号、11号和云财〔2019〕3、4号办理"
    found = find_numbers(text)
    assert [str(one.value) for one in found] == [
        "海科协普发〔2020〕10号", "海科协普发〔2020〕11号", "云财〔2019〕3号", "云财〔2019〕4号",
    ]  # fmt: skip
    assert [one.span.of(text) for one in found][1] == "11号"


def test_keys_of_a_number_hold_every_ending_of_its_code():
    number = DocumentNumber("云科协字", 2021, 14)
    assert number.key == "云科协字|2021|14"
    assert number.suffix_keys() == ("云科协字|2021|14", "科协字|2021|14", "协字|2021|14", "字|2021|14")


def test_a_number_without_its_serial_is_blank():
    assert is_blank_number("云科协字〔2021〕  号")
    assert not is_blank_number("云科协字〔2021〕14号")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("云科协字2021 14", ("云科协字", 2021, 14)),
        ("[2021]14", ("", 2021, 14)),
        ("〔2021〕14号", ("", 2021, 14)),
        ("云科协字〔2021〕14号", ("云科协字", 2021, 14)),
        ("202114", None),
        ("科普", None),
        ("云科协字", None),
    ],
)
def test_what_a_person_types(typed, read):
    assert read_typed(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "第1号", "2020年第2号", "国务院令第783号", "商务部令2014年第3号", "主席令第二十号", "公告2021年第12号",
        "财政部 海关总署 税务总局公告2020年第6号",
    ],
)  # fmt: skip
def test_bare_numbers_are_kept_as_printed(text):
    number = BareNumber.parse(text)
    assert number is not None
    assert str(number) == text
    assert BareNumber.parse(str(number)) == number


@pytest.mark.parametrize("text", ["云州市 第3号", "第号", "中山路3号", "", "云科协字〔2021〕14号"])
def test_not_a_bare_number(text):
    assert BareNumber.parse(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依照《管理办法》（商务部令2014年第3号）办理", ["商务部令2014年第3号"]),
        ("根据国务院令第783号的规定", ["国务院令第783号"]),
        ("《关于停课的公告》（第6号）要求", ["第6号"]),
        ("住在中山路，乘坐第6号线", []),
        ("关于有关事项的公告 2020年第2号", []),
    ],
)
def test_bare_numbers_in_running_text(text, found):
    assert [one.text for one in find_bare_numbers(text)] == found


@pytest.mark.parametrize("piece", ["一", "〔", "2", "（2021）", "号、", "云 ", "令第1号", "〔2020〕1、", " "])
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece)) + "\n云科协字〔2021〕14号"
    assert str(find_numbers(text)[-1].value) == "云科协字〔2021〕14号"
    assert find_bare_numbers(fold_width(text)) is not None
