"""Folding, segmentation, snippets, aliases, entries, term files."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from index_kit import TEXT, document, reading, record, sha
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.filedb.structfile import StructFile

from gongwen.errors import RuleError
from index.aliases import Aliases, load_aliases
from index.analysis import flat, fold, segmenter, user_words
from index.entries import entries
from index.highlight import mark, matches, snippets
from index.termfile import TermFile


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_folding_keeps_offsets_and_is_stable(text: str):
    assert len(flat(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert not any(char.isspace() for char in fold(text))


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_folding_parts_is_folding_the_whole(before: str, after: str):
    assert fold(before) + fold(after) == fold(before + after)


def test_what_folds_together():
    assert fold("“ＡＢＣ”　１２ [2021] —云 州\u200b市") == '"abc"12〔2021〕—云州市'


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_segmentation_knows_the_genre_and_covers_the_text(engine: str):
    words = segmenter(engine)
    assert "全国科普日" in words.plain("举办全国科普日活动")
    assert {"科普日", "全国科普日"} <= set(words.fine("举办全国科普日活动"))
    assert "".join(words.plain("云州市科学技术协会abc-12的通知")) == "云州市科学技术协会abc-12的通知"
    assert words.stamp.startswith(engine)


_PARTS = ["云州市科学技术协会", "科普", "e站", "12", "ab-3", "，", "\n", "的", "柳" * 30, "日"]


@given(st.lists(st.sampled_from(_PARTS), max_size=12))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_runs_are_cut_one_by_one(engine: str, parts: list[str]):
    """All runs of a text are handed over at once; what comes back is what each gives alone."""
    text, words = "".join(parts), segmenter(engine)
    runs = regex.findall(r"\p{Han}+|[a-z0-9]+(?:[.\-][a-z0-9]+)*", text)
    for cut in (words.fine, words.plain):
        assert cut(text) == [word for run in runs for word in cut(run)]


def test_a_long_run_of_one_character_is_cut():
    assert "".join(segmenter("jieba").plain("柳" * 20_000)) == "柳" * 20_000


def test_user_words_must_be_a_list(tmp_path: Path):
    path = tmp_path / "words.yml"
    path.write_text("words: 科普日\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"words\.yml"):
        user_words(path)
    assert user_words(tmp_path / "absent.yml") == ()


def test_matches_are_where_it_is_printed():
    text = "云州市科 学\n技 术协会，科学技术协会。ＡＢｃ"
    assert [span.of(text) for span in matches(text, ["科学技术协会"])] == ["科 学\n技 术协会", "科学技术协会"]
    assert [span.of(text) for span in matches(text, ["abc"])] == ["ＡＢｃ"]
    assert matches(text, ["", "没有"]) == []


@given(
    st.text(alphabet="科普 日活动\n。", max_size=300),
    st.lists(st.text(alphabet="科普日活动", min_size=1, max_size=3), max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_snippets_are_pieces_of_the_text_with_all_marks_right(text: str, needles: list[str]):
    assert "".join(piece for piece, _ in mark(text, needles)) == text
    for snippet in snippets(text, needles):
        whole = "".join(piece for piece, _ in snippet)
        assert whole in text or not any(is_match for _, is_match in snippet)
        for piece, is_match in snippet:
            assert not is_match or any(needle in fold(piece) for needle in needles)


def test_aliases_go_both_ways_and_keep_the_place():
    aliases = Aliases([["云州市科学技术协会", "市科协"]], [("科协", "科学技术协会")])
    assert aliases("市科协") == ("云州市科学技术协会", "市科学技术协会")
    assert "市科协" in aliases("云州市科学技术协会")
    assert aliases("安平县科协") == ("安平县科学技术协会",)
    assert aliases("科学技术协会") == ("科协",)
    assert aliases("科普") == ()


def test_an_office_adds_its_own_aliases(tmp_path: Path):
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "ours.yml").write_text("- name: 云州市科学技术协会\n  aliases: [云科协]\n", encoding="utf-8")
    aliases = load_aliases(tmp_path)
    assert "云州市科学技术协会" in aliases("云科协")
    assert aliases("科技周") == ("科技活动周",)
    assert "科普月" not in aliases("科普日")
    assert load_aliases(tmp_path / "absent")("科技周") == ("科技活动周",)
    (tmp_path / "units" / "bad.yml").write_text("- aliases: [甲]\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"bad\.yml"):
        load_aliases(tmp_path)


def test_an_entry_holds_what_the_record_says():
    name = sha("one")
    found = entries(reading(name, record(name)), document(name))[0]
    assert found.id == f"{name[:16]}-1"
    assert found.text == TEXT
    assert found.number_keys == ("云科协字|2024|12",)
    assert found.cited_keys == ("海科发|2023|7",)
    assert found.date == "2024-05-30"
    assert set(found.fields["lead"]) == {"市科协", "云州市科协", "云州市科学技术协会"}
    assert found.fields["person"] == ("周明远",)
    assert found.facets["lead"] == ("云州市科学技术协会",)
    assert set(found.facets["unit"]) == {"云州市科学技术协会", "云州市教育局"}
    assert (found.facets["year"], found.facets["type"], found.facets["month"]) == (("2024",), ("通知",), ("2024-05",))
    assert (found.meta["source"], found.meta["part"], found.meta["parts"]) == ("样本.txt", "1", "1")


def test_each_part_has_its_own_text():
    name = sha("two")
    records = [
        record(name, 1, part={"number": 1, "start": 0, "end": 9}),
        record(name, 2, part={"number": 2, "start": 9, "end": 20}),
    ]
    first, second = entries(reading(name, *records), document(name))
    assert (first.text, second.text) == (TEXT[:9], TEXT[9:20])


def test_an_entry_of_a_record_with_nothing_in_it():
    name = sha("empty")
    bare = record(name, document_number=None, title=None, number_parts=None, doc_type=None, issuers=[], issue_date=None,
                  units={}, tasks=[], contacts=[], part=None)  # fmt: skip
    found = entries(reading(name, bare), None)[0]
    assert (found.title, found.text, found.number, found.date) == ("", "", "", "")
    assert found.facets == {"media": ("text/plain",)}


def test_the_year_is_that_of_the_activity_then_of_the_title():
    name = sha("year")
    plan = record(name, title="2023年总结和2025年计划", issue_date="2024-12-30")
    assert entries(reading(name, plan), None)[0].facets["year"] == ("2023",)
    plan.values["activity_time"] = {"text": "2025年9月", "start": "2025-09-01", "end": None, "precision": "month"}
    assert entries(reading(name, plan), None)[0].facets["year"] == ("2025",)


@given(st.sets(st.binary(min_size=1, max_size=6), max_size=400))
@settings(max_examples=40, deadline=None)
def test_stock_whoosh_reads_our_term_files(tmp_path_factory: pytest.TempPathFactory, keys: set[bytes]):
    path = tmp_path_factory.mktemp("terms") / "a.trm"
    terms = TermFile(path)
    for key in sorted(keys):
        terms.add(b"\0\0" + key, key * 2)
    terms.close({"grams": 0})
    with path.open("rb") as raw:
        reader = OrderedHashReader(StructFile(raw), path.stat().st_size)
        assert all(reader[b"\0\0" + key] == key * 2 for key in keys)
        assert b"\0\0absent-key" not in reader
        assert list(reader.keys()) == [b"\0\0" + key for key in sorted(keys)]
