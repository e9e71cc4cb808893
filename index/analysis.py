"""How text is seen by search: one fold for documents and queries, and segmentation into words for ranking.

Matching never depends on segmentation (design.md §6: match is exactness, rank is segmentation).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

import regex

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT
from gongwen.text import fold_width
from index.sealing import SEALED, STAMP, sealed, unsealed
from index.variants import stamp as variants_stamp
from index.variants import variants

FOLD_REVISION = 3
"""Goes up when `fold` changes what it yields: indexes of another revision are rebuilt."""

_PIECE = 1000
"""jieba's HMM is quadratic in a run of one character (reliability.md §1 item 12)."""

_WORDS_FILE = ROOT / "rules" / "vocab" / "jieba_words.yml"

DROPPED = regex.compile(r"[\s\p{Cc}\p{Cf}\p{Cs}]+")
_RUN = regex.compile(r"\p{Han}+|[a-z0-9]+(?:[.\-][a-z0-9]+)*")
_TYPED = regex.compile(rf"{_RUN.pattern}|[{SEALED}]+")
"""In queries numbers of persons are words too; in papers they are none, for lists of words are shown."""


@cache
def _table() -> dict[int, str]:
    """One character for one character: widths, then quotation marks, capitals, traditional and simplified."""
    heads = variants()
    codes = [code for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF]
    codes += sorted(ord(char) for char in heads if ord(char) > 0xFFFF)
    quotes = dict.fromkeys("“”„‟＂『』「」", '"') | dict.fromkeys("‘’‛＇", "'")
    table: dict[int, str] = {}
    for code, wide in zip(codes, fold_width("".join(map(chr, codes))), strict=True):
        char = quotes.get(wide, wide)
        char = char.lower() if len(char.lower()) == 1 else char
        char = heads.get(char, char)
        if char != chr(code):
            table[code] = char
    return table


@cache
def folded_into() -> frozenset[str]:
    """Characters that others are folded into."""
    return frozenset(_table().values())


def flat(text: str) -> str:
    """The fold before gaps are closed: same length, same offsets."""
    return text.translate(_table())


def fold(text: str) -> str:
    """What is compared: one width, one case, one form of a character (學 is 学), no white space, no control or
    zero-width characters, and numbers of persons as a whole (index.sealing)."""
    return DROPPED.sub("", sealed(text.translate(_table())))


def fold_stamp() -> str:
    """What `fold` does, as a word: indexes made by another fold are rebuilt."""
    return f"{FOLD_REVISION}/{variants_stamp()}/{STAMP}"


@cache
def _printed() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, char in _table().items():
        found[char] = found.get(char, "") + chr(code)
    return found


def printed_forms(char: str) -> str:
    """All characters that fold to this folded one, itself first."""
    plain = unsealed(char)
    return char + (plain if plain != char else "") + _printed().get(plain, "")


Cutter = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Segmenter:
    """`fine` cuts for the index (long words and their parts), `plain` for queries. `stamp` names engine, version
    and dictionary: another stamp is another index."""

    stamp: str
    _fine: Cutter
    _plain: Cutter

    def fine(self, folded: str) -> list[str]:
        return _cut(folded, self._fine)

    def plain(self, folded: str) -> list[str]:
        return _cut(folded, self._plain, _TYPED)


def _cut(folded: str, cutter: Cutter, pattern: regex.Pattern[str] = _RUN) -> list[str]:
    """Han runs go to the segmenter, all at once with line breaks between, which it never joins (half the time of one
    call a run); runs of letters and digits are words as they stand."""
    runs = pattern.findall(folded)
    pieces = [_pieces(run) for run in runs]
    cut = iter(cutter("\n".join(piece for found in pieces for piece in found)))
    words: list[str] = []
    for run, found in zip(runs, pieces, strict=True):
        if not found:
            words.append(run)
        for _ in found:
            words.extend(takewhile(_is_word, cut))
    return words


def _pieces(run: str) -> list[str]:
    """Of Han for the segmenter; none of what is a word as it stands."""
    if run[0].isascii() or unsealed(run[0]) != run[0]:
        return []
    return [run[at : at + _PIECE] for at in range(0, len(run), _PIECE)]


def _is_word(cut: str) -> bool:
    return cut != "\n"


def user_words(path: Path = _WORDS_FILE) -> tuple[str, ...]:
    """Words of the genre that a general dictionary does not hold."""
    if not path.exists():
        return ()
    found = yamlio.load_file(path)
    words = found.get("words") if isinstance(found, dict) else None
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise RuleError(f"{path}: words must be a list of words")
    return tuple(dict.fromkeys(fold(one) for one in words))


def _rjieba(words: tuple[str, ...]) -> Segmenter | None:
    try:
        import rjieba
    except ImportError:
        return None
    engine = rjieba.Jieba()
    for word in words:
        engine.add_word(word, None, None)
    version = importlib.metadata.version("rjieba")
    return Segmenter(f"rjieba/{version}/{_digest(words)}", engine.cut_for_search, engine.cut)


def _jieba(words: tuple[str, ...]) -> Segmenter:
    """The pure Python fallback, where there is no wheel of rjieba. Its cache is a marshal file that it would take
    from a public folder: it gets a private one, removed at once."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory(prefix="gongwen-jieba-") as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word)
    return Segmenter(f"jieba/{jieba.__version__}/{_digest(words)}", tokenizer.cut_for_search, tokenizer.cut)


def _digest(words: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


@cache
def segmenter(prefer: str = "rjieba") -> Segmenter:
    """The segmenter of this installation; the same object every time."""
    words = user_words()
    found = (_rjieba(words) if prefer == "rjieba" else None) or _jieba(words)
    found.plain("科普")  # the dictionary is read at the first cut: not while somebody waits for a page
    return found
