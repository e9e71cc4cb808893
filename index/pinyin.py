"""How Chinese is read aloud, without tones: for suggestions by initials and for words mistyped by their sound.

The readings are pypinyin's table of single characters, read without the package around it (which loads half a million
phrases, 57 MB, in a second or two), corrected by rules/vocab/readings.yml.
"""

from __future__ import annotations

import importlib.util
import itertools
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT
from index.analysis import fold

_FILE = ROOT / "rules" / "vocab" / "readings.yml"
_MOST = 4  # ways to read one name
_LONGEST_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a name is read: one tuple of syllables a way; what is not Chinese stands as it is, a character a syllable."""

    ways: tuple[tuple[str, ...], ...]

    @property
    def initials(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys("".join(one[0] for one in way) for way in self.ways))

    @property
    def whole(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys("".join(way) for way in self.ways))


@lru_cache(maxsize=8192)
def spoken(text: str, *, is_person: bool = False) -> Spoken:
    """`is_person`: the first character is a surname, which may be read in another way (单, 曾, 覃)."""
    folded = fold(text)
    rules = _rules()
    choices: list[tuple[str, ...]] = []
    at = 0
    while at < len(folded):
        if is_person and not at and folded[0] in rules.surnames:
            choices.append(rules.surnames[folded[0]])
            at = 1
            continue
        width, phrase = rules.phrase(folded, at)
        choices += [(one,) for one in phrase] if phrase else [(sound(folded[at]),)]
        at += width
    return Spoken(tuple(itertools.islice(itertools.product(*choices), _MOST)))


def sound(char: str) -> str:
    """The usual reading of one folded character; the character itself when it has none."""
    return _usual(char)


def rough(char: str) -> str:
    """As `sound`, with what many speakers do not tell apart made one: zh z, ch c, sh s, ng n."""
    said = sound(char)
    if len(said) > 1 and said[1] == "h" and said[0] in "zcs":
        said = said[0] + said[2:]
    return said.removesuffix("g") if said.endswith("ng") else said


@lru_cache(maxsize=16384)
def _usual(char: str) -> str:
    said = _table().get(ord(char), "")
    return _plain(said.partition(",")[0]) if said else char


def _plain(said: str) -> str:
    """Without tones; ü is typed v."""
    out = unicodedata.normalize("NFD", said.translate(_UMLAUTS))
    return "".join(char for char in out if char.isascii() and char.isalpha()) or said


_UMLAUTS = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))


@cache
def _table() -> Mapping[int, str]:
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or spec.origin is None:
        return {}
    path = Path(spec.origin).parent / "pinyin_dict.py"
    own = importlib.util.spec_from_file_location("gongwen_pinyin_dict", path)
    if own is None or own.loader is None:
        return {}
    module = importlib.util.module_from_spec(own)
    own.loader.exec_module(module)
    found: Mapping[int, str] = module.pinyin_dict
    return found


@dataclass(frozen=True, slots=True)
class _Rules:
    phrases: Mapping[str, tuple[str, ...]]
    surnames: Mapping[str, tuple[str, ...]]

    def phrase(self, folded: str, at: int) -> tuple[int, tuple[str, ...]]:
        """How many characters are read together here, and how; one and nothing when it is no phrase."""
        for width in range(_LONGEST_PHRASE, 1, -1):
            found = self.phrases.get(folded[at : at + width])
            if found is not None:
                return width, found
        return 1, ()


@cache
def _rules(path: Path = _FILE) -> _Rules:
    found = yamlio.load_file(path)
    tables = [found.get(name) if isinstance(found, dict) else None for name in ("phrases", "surnames")]
    read: list[dict[str, tuple[str, ...]]] = []
    for table in tables:
        if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
            raise RuleError(f"{path}: must have tables phrases and surnames")
        read.append({fold(name): tuple(said.split()) for name, said in table.items()})
    wrong = [name for name, said in read[0].items() if len(name) != len(said)]
    if wrong:
        raise RuleError(f"{path}: {wrong[0]} needs a syllable for each character")
    return _Rules(*read)
