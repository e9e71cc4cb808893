"""Trigger words spare time and never a value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.pipeline import extract
from gongwen.errors import RuleError
from gongwen.rulebook import Rulebook, check_examples, load_rulebook, read_field
from gongwen.triggers import Triggers
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source

SAMPLE = Path(__file__).resolve().parents[2] / "corpus" / "sample"
PAPERS = sorted(path for path in SAMPLE.iterdir() if path.suffix in {".txt", ".html", ".md"})


class Everywhere(Triggers):
    """As if every trigger word stood on every line."""

    def __init__(self, book: Rulebook) -> None:
        super().__init__({})
        readers = {f"reader/{name}" for name in book.vocab["triggers"]}
        patterns = {f"{rule.name}/{one.id}" for rule in book.fields.values() for one in rule.patterns}
        self.names = frozenset(readers | patterns)

    def held(self, tight: str) -> frozenset[str]:
        return self.names


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name[:40])
def test_no_value_is_lost(path):
    book = load_rulebook()
    data = path.read_bytes()
    source = Source.of(path.name, data, sniff(data, path.name)[0])
    document = choose(source).read(source)
    everywhere = replace(book, _cache={**book._cache, "triggers": Everywhere(book)})
    found = [one.to_json() for one in extract(document, book)]
    assert found == [one.to_json() for one in extract(document, everywhere)]


@given(st.lists(st.sampled_from("前后截止主任由科协"), max_size=12).map("".join))
def test_held_is_what_stands_in_the_text(text):
    sets = {"due": ["前", "截止"], "head": ["主任"], "both": ["主任", "前"]}
    assert Triggers(sets).held(text) == {name for name, words in sets.items() if any(word in text for word in words)}


def test_no_sets_hold_nothing():
    assert Triggers({}).held("前") == frozenset()


def field(triggers: list[str]) -> dict[str, object]:
    pattern = {"id": "one", "regex": "会签人：(?P<value>\\p{Han}+)", "triggers": triggers}
    example = {"text": "会 签 人：林若溪", "value": "林若溪"}
    pattern["regex"] = "会\\s*签\\s*人：(?P<value>\\p{Han}+)"
    return {"field": "co_signer", "label": "会签人", "type": "text", "patterns": [pattern], "examples": [example]}


def test_an_example_without_its_trigger_is_refused():
    check_examples(read_field(field(["会签人"]), "office.yml"))
    with pytest.raises(RuleError, match="触发词"):
        check_examples(read_field(field(["联签"]), "office.yml"))
