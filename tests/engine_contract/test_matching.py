"""Match is exactness: found if and only if it stands there."""

from __future__ import annotations

import pytest
from contract_kit import crowd, entry, found, page, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import fold
from index.engine import SearchEngine
from index.memory_engine import MemoryEngine

TEXTS = [one.text for one in sample() if len(one.text) > 20]
CALM = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def substrings(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, len(text) - 2))
    return text[start : start + draw(st.integers(2, 30))]


@given(wanted=substrings())
@CALM
def test_every_substring_is_found(filled: SearchEngine, oracle: MemoryEngine, wanted: str):
    wanted = "".join(char for char in wanted if char not in '"“”„＂')
    needle = fold(wanted)
    if len(needle) < 2:
        return
    answer = page(filled, f"“{wanted}”")
    assert set(answer.ids) == {
        one.id
        for one in sample()
        if needle in fold(one.text)
        or needle in fold(one.title)
        or any(needle in fold(v) for values in one.fields.values() for v in values)
        or needle in fold(one.number)
    }
    assert answer.total == len(answer.ids)
    assert set(answer.ids) == found(oracle, f"“{wanted}”")


@given(wanted=substrings())
@CALM
def test_unquoted_queries_equal_the_oracle(filled: SearchEngine, oracle: MemoryEngine, wanted: str):
    mine, right = page(filled, wanted), page(oracle, wanted)
    assert set(mine.ids) == set(right.ids)
    assert (mine.total, mine.exact, mine.facets) == (right.total, right.exact, right.facets)


CROWD = [one.text for one in crowd()]


@st.composite
def pieces(draw: st.DrawFn) -> str:
    text = fold(draw(st.sampled_from(CROWD)))
    start = draw(st.integers(0, len(text) - 3))
    return text[start : start + draw(st.integers(3, 24))]


@given(wanted=pieces(), spoiled=st.booleans())
@CALM
def test_phrases_in_many_entries_and_in_few(
    crowded: SearchEngine, crowded_oracle: MemoryEngine, wanted: str, spoiled: bool
):
    wanted = wanted.replace('"', "")
    if spoiled:  # all pairs but one stand together somewhere
        wanted = f"{wanted[: len(wanted) // 2]}科{wanted[len(wanted) // 2 :]}"
    mine, right = page(crowded, f"“{wanted}”"), page(crowded_oracle, f"“{wanted}”")
    assert (set(mine.ids), mine.total) == (set(right.ids), right.total)
    assert found(crowded, f"科普 -“{wanted}”") == found(crowded_oracle, f"科普 -“{wanted}”")


_WORDS = st.sampled_from(
    [
        "科普",
        "科",
        "活动周",
        "协会",
        "市科协 牵头",
        "周明远",
        "0999",
        "5550123",
        "2024",
        "9月",
        "e站",
        "年:2024",
        "类型:函",
        "牵头:教育局",
        "日期:2021..2023",
        "人:何立",
        "标题:方案",
        "[2023]7",
        "2022年",
        "“科普日”",
        "不存在的词",
        "云科协字2021 2",
        "类型:无",
        "日期:无",
        "桂",
    ]
)


@given(parts=st.lists(st.tuples(_WORDS, st.sampled_from(["", "-"]), st.sampled_from([" ", " OR "])), max_size=5))
@CALM
def test_combinations_equal_the_oracle(filled: SearchEngine, oracle: MemoryEngine, parts: list[tuple[str, str, str]]):
    text = "".join(f"{sign}{word}{glue}" for word, sign, glue in parts)
    mine, right = page(filled, text), page(oracle, text)
    assert set(mine.ids) == set(right.ids)
    assert (mine.total, mine.exact, mine.facets, mine.searched) == (
        right.total,
        right.exact,
        right.facets,
        right.searched,
    )


@pytest.mark.parametrize(
    "text", ["周明远", "周 明 远", "云州市科学技术协会", "科 学 技 术 协 会", "2024年9月15日", "２０２４年５月３０日"]
)
def test_gaps_and_widths_do_not_matter(engine: SearchEngine, text: str):
    engine.update(
        [
            entry("a", "联系人：周 明 远\n云 州 市 科 学 技 术 协 会\n２０２４年９月１５日\n2024 年 5 月 30 日"),
            entry("b", "无关的文字"),
        ]
    )
    assert found(engine, f"“{text}”") == {"a"}


@pytest.mark.parametrize("text", ["2625843", "0772-2625843", "625", "0772"])
def test_parts_of_numbers_are_found(engine: SearchEngine, text: str):
    engine.update([entry("a", "电话：0772-2625843转8"), entry("b", "电话：0772 2625 84")])
    assert "a" in found(engine, text)


def test_words_that_only_share_characters_are_not_found(engine: SearchEngine):
    engine.update([entry("a", "科普活动与普活、活动普及"), entry("b", "科普 日，普活动")])
    assert found(engine, "“科普活动”") == {"a"}
    assert found(engine, "“科普日”") == {"b"}


def test_a_match_never_crosses_from_title_to_text(engine: SearchEngine):
    engine.update([entry("a", "天气预报", title="今日", fields={"person": ("何立", "周明远")})])
    assert found(engine, "“今日天气”") == set()
    assert found(engine, "“何立周明远”") == set()
    assert found(engine, "今日") == found(engine, "预报") == found(engine, "何立") == {"a"}


def test_one_character(filled: SearchEngine, oracle: MemoryEngine):
    for char in "科〔7e，桂\ue7e3𠮷":
        assert found(filled, char) == found(oracle, char)
    assert found(filled, "\ue7e3")


def test_all_words_or_none(engine: SearchEngine):
    engine.update([entry("a", "卫健委与健康素养"), entry("b", "卫健委"), entry("c", "健康素养")])
    assert found(engine, "卫健委 健康素养") == {"a"}
    assert found(engine, "卫健委 或 健康素养") == {"a", "b", "c"}
    assert found(engine, "卫健委 OR 健康素养") == {"a", "b", "c"}
    assert found(engine, "卫健委 -健康素养") == {"b"}
    assert found(engine, "卫健委 不含 健康素养") == {"b"}
    assert found(engine, "-卫健委") == {"c"}


def test_when_nothing_matches_the_all_words_answer_is_offered_as_such(engine: SearchEngine):
    engine.update([entry("a", "科学素质行动规划纲要实施方案"), entry("b", "科学素质")])
    answer = page(engine, "科学素质实施方案")
    assert answer.ids == ("a",)
    assert not answer.exact
    assert page(engine, "科学素质").exact
    assert page(engine, "“科学素质实施方案”").total == 0


HOSTILE = [
    "w*",
    "*",
    "?",
    "[a TO z]",
    "(((((",
    "a" * 100_000,
    "科" * 100_000,
    '"',
    "“",
    "::::",
    "文号:",
    "日期:",
    "-",
    "--",
    "OR OR OR",
    "或",
    "不含",
    "AND",
    "NOT",
    "~~~",
    "^5",
    "\\",
    "%",
    "_",
    "'; DROP TABLE entry; --",
    "\x00",
    "\ud800",
    "\u202e",
    "NULL",
    "日期:9999..0000",
    "日期:0000-99-99",
    "年:abc",
    "牵头:“",
    "{}[]()",
    "<script>alert(1)</script>",
    " ".join(["科普"] * 500),
    " OR ".join(f"词{n}" for n in range(200)),
    "-" * 300,
    "“" * 300,
    "文号:" * 80,
    "𠮷" * 300,
    "2024" * 100,
    "w* [a TO z] " + "x" * 100_000,
    "标题:w*",
    "\n\t\r",
    "０" * 250,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_raises_and_all_agree(filled: SearchEngine, oracle: MemoryEngine, text: str):
    mine, right = page(filled, text), page(oracle, text)
    assert (set(mine.ids), mine.warnings) == (set(right.ids), right.warnings)


def test_a_long_query_says_that_it_was_cut(filled: SearchEngine):
    assert any("200" in one for one in page(filled, "科" * 201).warnings)


@pytest.mark.parametrize(
    "text",
    [
        "云科协字2021 14",
        "云科协字〔2021〕14号",
        "云科协字[2021]14号",
        "云科协字【2021】14",
        "[2021]14",
        "〔2021〕14号",
        "2021年14号",
        "云科协字2021年14号",
        "云科协字 2021 14",
        "云科协字〔２０２１〕１４号",
        "云科协字（2021）14号",
        "文号:云科协字2021 14",
        "文号：[2021]14",
        "科协字〔2021〕14号",
        "云科协字〔2021〕014号",
        "云科协字〔 2 0 2 1 〕14 号",
    ],
)
def test_a_number_in_every_spelling(engine: SearchEngine, text: str):
    engine.update(
        [
            entry("own", "正文", number="云科协字〔2021〕14号", number_keys=("云科协字|2021|14",)),
            entry("cites", "按照云科协字【2021】14 号执行", cited_keys=("按照云科协字|2021|14",)),
            entry("longer", "正文〔2021〕145号", number="云科协字〔2021〕145号", number_keys=("云科协字|2021|145",)),
            entry("other", "正文2021年，共14项", number="海科发〔2020〕14号", number_keys=("海科发|2020|14",)),
        ]
    )
    answer = page(engine, text)
    expected = ["own"] if text.startswith("文号") else ["own", "cites"]
    assert list(answer.ids) == expected


def test_fields(engine: SearchEngine):
    engine.update(
        [
            entry(
                "a",
                "正文",
                title="科普日方案",
                fields={"lead": ("云州市教育局",), "person": ("何 立",), "host": ("安平县科协",)},
            ),
            entry("b", "云州市教育局、何立、安平县科协", title="别的", fields={"responsible": ("云州市教育局",)}),
        ]
    )
    assert found(engine, "牵头:教育局") == {"a"}
    assert found(engine, "责任：教育局") == {"b"}
    assert found(engine, "人:何立") == found(engine, "人:何 立") == {"a"}
    assert found(engine, "主办:安平县") == {"a"}
    assert found(engine, "标题:科普日") == {"a"}
    assert found(engine, "标题:正文") == set()
    assert found(engine, "-牵头:教育局") == {"b"}
    assert found(engine, "何立") == {"a", "b"}


def test_aliases_are_searched_and_said(make, tmp_path):
    names = {"市科协": ("云州市科学技术协会",), "云州市科学技术协会": ("市科协",)}
    engine = make(tmp_path / "aliases", lambda word: names.get(word, ()))
    engine.update(
        [
            entry("a", "云州市科学 技术协会牵头", fields={"lead": ("云州市科学技术协会",)}),
            entry("b", "市科协"),
            entry("c", "县科协"),
        ]
    )
    answer = page(engine, "市科协")
    assert set(answer.ids) == found(engine, "云州市科学技术协会") == {"a", "b"}
    assert any("云州市科学技术协会" in one for one in answer.searched)
    assert found(engine, "牵头:市科协") == {"a"}
    assert any(is_match for one in answer.hits for snippet in one.snippets for _, is_match in snippet)
    engine.close()


def test_traditional_and_simplified_print_are_one(engine: SearchEngine):
    title = "關於舉辦科普講座的通知"
    named = {"person": ("張 偉",), "lead": ("雲州市科學技術協會",)}
    engine.update(
        [
            entry("a", f"{title}\n各縣（區）科協：請於９月底前答覆。\n聯繫人：張 偉", title=title, fields=named),
            entry("b", "关于举办科普讲座的通知\n各县（区）科协：请于9月底前答复。", facets={"type": ("意见",)}),
        ]
    )  # fmt: skip
    for text in ("关于举办科普讲座", "關於舉辦科普講座", "“各县（区）科协”", "答覆", "答复", "請於9月底前答復"):
        assert found(engine, text) == {"a", "b"}, text
    for text in ("人:张伟", "人:張偉", "牽頭:市科学技术协会", "标题:讲座", "標題:講座"):
        assert found(engine, text) == {"a"}, text
    assert found(engine, "類型:意見") == found(engine, "类型:意见") == {"b"}
    marked = {text for hit in page(engine, "讲座").hits for text, is_match in hit.title if is_match}
    assert marked == {"講座"}
