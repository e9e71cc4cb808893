"""Papers that tell of the same, found by tantivy: the rare words of a paper, weighed and asked for together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tantivy
from tantivy import Occur

from index.similar import key_words

_AT_ONCE = 32
"""Hits asked for at a time: nearly all of them are shown, so that once is the rule."""
_OFTEN = 1.2  # as in key_words: how soon a word that is repeated stops to count for more


class Rare:
    """The rare words of a paper, whose counts are given, among all papers."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, counts: Mapping[str, int]) -> None:
        self._searcher = searcher
        keys = key_words(counts, lambda word: searcher.doc_freq("words", word), searcher.num_docs)
        self.words = [word for word, _ in keys]
        self._wanted = [
            (
                Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, "words", word, index_option="freq"),
                    counts[word] / (counts[word] + _OFTEN),
                ),
            )
            for word in self.words
        ]

    def found(self) -> Iterator[tuple[int, float]]:
        """Serials of all that have some of the words, with their scores, the nearest first. How rare a word is stands
        in tantivy's own score."""
        wanted = tantivy.Query.boolean_query(self._wanted)
        for offset in range(0, self._searcher.num_docs if self._wanted else 0, _AT_ONCE):
            hits = self._searcher.search(wanted, limit=_AT_ONCE, offset=offset, count=False).hits
            serials = self._searcher.fast_field_values("serial", [address for _, address in hits])
            for (score, _), serial in zip(hits, serials, strict=True):
                if serial is not None:
                    yield int(serial), float(score)
            if len(hits) < _AT_ONCE:
                return
