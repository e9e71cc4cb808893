"""What recognition is known to misread, put right by rules/vocab/ocr_repairs.yml. The length of a line stays."""

from __future__ import annotations

from collections.abc import Set
from functools import cache

import regex

from gongwen.values.vocab import vocab

_TIMEOUT = 0.2


def repaired(text: str, weak: Set[int]) -> str:
    """A line as it is printed: signs by their neighbours; of characters that recognition was not sure of (`weak`) those
    that make a known word, and simplified forms for traditional ones."""
    for pattern, printed in _signs():
        text = pattern.sub(printed, text, timeout=_TIMEOUT)
    forms, words = _forms(), _words()
    chars = list(text)
    for at in sorted(weak):
        chars[at] = forms.get(text[at], text[at])
        for word, place in words.get(text[at], ()):
            start = at - place
            if start >= 0 and text[start:at] == word[:place] and text.startswith(word[place + 1 :], at + 1):
                chars[at] = word[place]
                break
    return "".join(chars)


@cache
def _signs() -> list[tuple[regex.Pattern[str], str]]:
    return [(regex.compile(one["regex"]), one["printed"]) for one in vocab("ocr_repairs")["signs"]]


@cache
def _forms() -> dict[str, str]:
    """Traditional forms with their simplified ones."""
    table = vocab("ocr_repairs")
    both = ("".join(table[key].split()) for key in ("traditional", "simplified"))
    return dict(zip(*both, strict=True))


@cache
def _words() -> dict[str, list[tuple[str, int]]]:
    """By the character that is read: words that hold the printed one, and where."""
    found: dict[str, list[tuple[str, int]]] = {}
    for one in vocab("ocr_repairs")["look_alikes"]:
        for read in one["read"]:
            found.setdefault(read, []).extend((word, word.index(one["printed"])) for word in one["words"])
    return found
