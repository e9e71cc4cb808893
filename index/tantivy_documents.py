"""What tantivy holds of an Entry: its schema, and the document that an entry becomes.

Text is indexed as pairs of neighbouring characters with their positions (`grams`) and as the set of its characters
(`chars`). Single characters with positions would do for every match, but in 10,000 papers a phrase of them took 26 ms
against 1.6 ms of pairs, because each of them stands in most papers; the index is 1.9 times as large for it. Values
that can be searched by name stand in the same two fields behind a prefix, and `words` orders what is found.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator

import numpy as np
import regex
import tantivy

from index.analysis import fold
from index.dates import day_number
from index.engine import Entry

_SEPARATOR = "\x1f"  # folding drops control characters: no text holds it
_GAP = f" {_SEPARATOR} {_SEPARATOR} "  # two places: pairs on both sides are never one or two steps apart
_LONGEST = 300  # characters: tantivy drops longer terms and dies of counting them
_MOST_SUFFIXES = 40
_PLAIN_NAME = regex.compile(r"[a-z_]+")
_UNDATED = 99_999_999
_LATEST = 2**32 - 1
_RECENT = 0.05
"""The share of a score that stands between the year 1900 and 2200: enough to order equal scores by date, one part in
seven hundred in ten years."""


TITLE_LENGTHS = (4, 6, 8, 10, 13, 16, 20, 26, 33, 42, 55, 70)
"""Characters: a title is marked with all that it does not exceed."""


def schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_integer_field("serial", indexed=True, fast=True)  # unsigned: 0.27's delete_documents_by_term finds none
    made.add_text_field("grams", tokenizer_name="spaces", index_option="position")
    made.add_text_field("chars", tokenizer_name="spaces", index_option="basic")
    made.add_text_field("words", tokenizer_name="spaces", index_option="freq")
    made.add_text_field("keys", tokenizer_name="raw", index_option="basic")
    made.add_json_field("facets", tokenizer_name="raw", index_option="basic", fast=True)  # codes
    for name in ("day", "newest", "oldest"):
        made.add_unsigned_field(name, fast=True)
    made.add_float_field("recency", fast=True)
    return made.build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """An index that knows our tokenizer, which is not kept in it."""
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", spaces)
    return index


def document(serial: int, entry: Entry, folded: str, words: list[str]) -> tantivy.Document:
    made = tantivy.Document()
    named = [(prefix(name), value) for name, value in _named(entry)]
    made.add_text("grams", _GAP.join([*_grams(folded), *_named_grams(named)]))
    chars = {lead + char for lead, value in [("", folded.replace("\n", "")), *named] for char in value}
    made.add_text("chars", " ".join(chars))
    made.add_text("words", " ".join(words))
    for key in dict.fromkeys(_keys(entry, folded)):
        made.add_text("keys", key)
    facets = {
        facet_name(name): list(dict.fromkeys(facet_code(value) for value in values if value))
        for name, values in entry.facets.items()
    }
    made.add_json("facets", {name: values for name, values in facets.items() if values})
    day = day_number(entry.date)
    made.add_integer("serial", serial)
    made.add_unsigned("day", day)
    made.add_unsigned("newest", day << 32 | (_LATEST - serial))
    made.add_unsigned("oldest", (day or _UNDATED) << 32 | serial)
    made.add_float("recency", _recency(day))
    return made


def _named(entry: Entry) -> Iterator[tuple[str, str]]:
    """Field and folded value: what `Columns` keeps for the same questions."""
    yield "title", fold(entry.title)
    yield "number", fold(entry.number)
    for name, values in entry.fields.items():
        for value in values:
            if name != "title":
                yield name, fold(value)


def _grams(folded: str) -> Iterator[str]:
    for line in folded.split("\n"):
        codes = np.frombuffer(line.encode("utf-32-le"), np.uint32)
        pairs = np.full((max(0, len(codes) - 1), 3), ord(" "), np.uint32)
        pairs[:, 0], pairs[:, 1] = codes[:-1], codes[1:]
        yield pairs.tobytes().decode("utf-32-le")


def _named_grams(named: Iterable[tuple[str, str]]) -> Iterator[str]:
    for lead, value in named:
        yield " ".join(f"{lead}{one}{two}" for one, two in itertools.pairwise(value))


def _keys(entry: Entry, folded: str) -> Iterator[str]:
    for name, values in entry.facets.items():
        if any(values):
            yield given_key(facet_name(name))
        yield from (facet_key(facet_name(name), value) for value in values if value)
    for key in entry.number_keys:
        yield from _number_keys("own", key)
    for key in entry.cited_keys:
        yield from _number_keys("cited", key)
    length = folded.index("\n")
    for limit in TITLE_LENGTHS:
        if length <= limit:
            yield length_key(limit)


def _number_keys(kind: str, key: str) -> Iterator[str]:
    """The key and all that it ends with, so that a number is found by any end of its agency."""
    agency, _, tail = key.partition("|")
    tail = tail[:_LONGEST]
    for at in range(max(0, len(agency) - _MOST_SUFFIXES), len(agency) + 1):
        yield number_key(kind, agency[at:], tail)


def number_key(kind: str, agency: str, tail: str) -> str:
    return f"{kind}{_SEPARATOR}{agency}|{tail}"


def given_key(name: str) -> str:
    return f"given{_SEPARATOR}{name}"


def length_key(limit: int) -> str:
    return f"title{_SEPARATOR}{limit}"


def prefix(name: str) -> str:
    return f"{facet_name(name)}{_SEPARATOR}"


def facet_name(name: str) -> str:
    """Names become paths: any that is not a plain word is written in hexadecimal digits."""
    return name if _PLAIN_NAME.fullmatch(name) else f"x{name.encode('utf-8', 'surrogatepass').hex()}"


def plain_name(name: str) -> str:
    """The inverse of `facet_name`."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return bytes.fromhex(name.removeprefix("x")).decode("utf-8", "surrogatepass")


def facet_code(value: str) -> int:
    """What is counted for a value: tantivy counts numbers in half the time of strings. 52 bits of a hash, so that a
    number of JSON holds it: among 100,000 values of one facet two have the same in one index of a million."""
    return int.from_bytes(hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 12


def facet_key(name: str, value: str) -> str:
    """A term that is found by a value, and by its code for what the value is. What is too long is cut."""
    code = facet_code(value)
    shown = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…{code:013x}"
    return f"{code_key(name, code)}{shown}"


def code_key(name: str, code: int) -> str:
    """What a `facet_key` begins with."""
    return f"facet{_SEPARATOR}{name}{_SEPARATOR}{code:013x}"


def _recency(day: int) -> float:
    """Between 0 and _RECENT, growing with the day; 0 when there is none."""
    year, month, of_month = day // 10_000, day // 100 % 100, day % 100
    passed = (year - 1900) * 372 + month * 31 + of_month
    return _RECENT * min(1.0, max(0.0, passed / (300 * 372)))
