"""Other names for the persons and places of a text, the same everywhere in text and gold: what extraction finds may
not hang on a name. `python -m tests.extract.renaming_kit FOLDER` scores the text files of a folder of cases.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import regex

from extract.pipeline import extract
from gongwen.rulebook import load_rulebook
from ingest.readers import choose as choose_reader
from ingest.sniff import sniff
from ingest.source import Source
from tests.eval.score import cases, choose
from tests.eval.scoring import Score

PLACED = ("issuers", "addressees", "hosts", "organizers", "co_organizers", "copied_to", "lead", "responsible",
          "locations", "location", "post")  # fmt: skip
_STEM = regex.compile(
    r"(?<=^|[、，（]|省|自治区|市|中共|共青团)(?!中共|共青团)(?P<stem>[\p{Han}--[各全省市县区委外本]]{2})"
    r"(?=省|市|县|区|\p{Han}{1,3}族自治县)",
    regex.VERSION1,
)
_GENERIC = frozenset({"高新", "开发", "示范", "度假", "工业", "保税", "试验", "新城", "城市", "自治"})
_AGENCY = regex.compile(r"(?P<agency>\p{Han}{2,12})〔\d{4}〕")
_TEXT = (".txt", ".md", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class World:
    """Where the new names come from: stems of places, and persons' names as `surnames` of one character or two (the
    given name fills up the length of the old name) or as `whole` names, taken as they are."""

    stems: str
    surnames: str = ""
    whole: tuple[str, ...] = ()


_COMMON = "琼台 岭阳 洛河 桐城 濂溪 玉屏 望江 柏林 石门 平川 龙湾 梧岭 沙坪 碧水"
_FIRST = "阿依努尔 古丽娜孜 巴图 努尔兰 卓玛 扎西 木拉提 吾买尔"
_LAST = "买买提 艾山 额尔登 哈布力 多吉 次仁 加措"

WORLDS = {
    "common": World(_COMMON, "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高"),
    "rare": World(
        "亳岭 儋水 滹阳 邛川 溆湾 婺屏 歙台 黟山 莒河 盱江 甪里 砀城 涪坪 郫溪",
        "亓 逄 仉 麴 缑 妫 芈 乜 逯 郗 邴 隗 茆 佘 笪",
    ),
    # Words of the genre as parts of names.
    "awkward": World(
        "日沙 会川 月湖 年丰 和溪 等坪 长办 局山 馆陶 科左 文任 处州 委安 函江",
        "和 于 任 文 安 经 席 官 应 时 师 全",
    ),
    "long": World(
        "乌木达沙 阿勒布里 莫力旗克 达布克塔 巴里音图 克什山腾 察右河前 额敏勒纳 达茂安汗 科左河后 喀拉沁左 土默山特",
        "欧阳 司马 上官 诸葛 令狐 皇甫 尉迟 慕容",
    ),
    "joined": World(_COMMON, whole=tuple(f"{first}·{last}" for last in _LAST.split() for first in _FIRST.split())),
}
_GIVEN = "霁川岚棠舟澍珩朗笙禾屿桥柠溪榆霖昭煦禹芃苒淇潼翊"


class Renamer:
    """One text's names and their new ones. Names keep the gaps they are printed with."""

    def __init__(self, gold: dict[str, Any], world: World) -> None:
        parts = [gold, *(gold.get("parts") or [])]
        people = list(dict.fromkeys(name for part in parts for name in _people(part)))
        stems = list(dict.fromkeys(stem for part in parts for stem in _stems(part)))
        self.names = dict(zip(stems, world.stems.split(), strict=False)) | _new_people(people, world)
        for agency in {agency for part in parts for agency in _agencies(part)}:
            stem = next((stem for stem in stems if agency.startswith(stem[0])), None)
            if stem:
                self.names[agency] = self.names[stem][0] + agency[1:]
        longest = sorted(self.names, key=len, reverse=True)
        self._pattern = regex.compile("|".join(r"\s*".join(map(regex.escape, name)) for name in longest) or r"(?!)")

    def text(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._other(match.group()), text)

    def gold(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.gold(one) for one in value]
        if isinstance(value, dict):
            return {key: self.gold(one) for key, one in value.items()}
        return value

    def _other(self, printed: str) -> str:
        """The new name in the gaps of the old one; where it has another length, a line break is all that stays."""
        old = "".join(printed.split())
        new = self.names[old]
        gaps = [match.group() for match in regex.finditer(r"(?<=\S)\s*(?=\S)", printed)]
        if len(new) != len(old):
            gaps = ["\n" if any("\n" in gap for gap in gaps) else ""]
        gaps += [""] * (len(new) - len(gaps))
        return "".join(char + gap for char, gap in zip(new, gaps, strict=False))


def _new_people(people: list[str], world: World) -> dict[str, str]:
    if world.whole:
        return dict(zip(people, world.whole, strict=False))
    out: dict[str, str] = {}
    given, surnames = cycle(_GIVEN), cycle(world.surnames.split())
    for name in people:
        surname = next(surnames)
        new = surname + "".join(next(given) for _ in range(max(1, len(name) - len(surname))))
        while new in out.values():
            new = new[:-1] + next(given)
        out[name] = new
    return out


def _people(gold: dict[str, Any]) -> Iterator[str]:
    for row in [*(gold.get("leading_group") or []), *(gold.get("contacts") or [])]:
        name = "".join((row.get("name") or "").split())
        if regex.fullmatch(r"\p{Han}{2,4}", name):
            yield name


def _stems(value: Any, placed: bool = False) -> Iterator[str]:
    if isinstance(value, str) and placed:
        yield from (match["stem"] for match in _STEM.finditer(value) if match["stem"] not in _GENERIC)
    elif isinstance(value, list):
        for one in value:
            yield from _stems(one, placed)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _stems(one, key in PLACED)


def _agencies(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (match["agency"] for match in _AGENCY.finditer(value))
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _agencies(one)


def text_cases(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, text, gold) of the text files among the cases."""
    return [(path.name, decode(path), gold) for path, gold in cases(folder) if path.suffix in _TEXT]


def decode(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


@cache
def _book():
    return load_rulebook()


def score_texts(texts: Iterable[tuple[str, str, dict[str, Any]]]) -> Score:
    """What extraction finds against the gold, read here and not in a child process."""
    score = Score()
    for name, text, gold in texts:
        found = text.encode()
        source = Source.of(name, found, sniff(found, name)[0])
        documents = [one.to_json() for one in extract(choose_reader(source).read(source), _book())]
        parts = [gold, *(gold.get("parts") or [])]
        taken: set[int] = set()
        for number, part in enumerate(parts, 1):
            score.compare(f"{name}#{number}", part, choose(part, documents, taken))
        score.add(name, "documents", min(len(parts), len(documents)), parts[len(documents) :], documents[len(parts) :])
    return score


def renamed(
    texts: Iterable[tuple[str, str, dict[str, Any]]], world: World
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, text, gold in texts:
        other = Renamer(gold, world)
        yield name, other.text(text), other.gold(gold)


def worse(before: Score, after: Score) -> list[str]:
    """Fields whose counts changed, then the errors after the renaming that are not among those before."""
    changed = [
        f"{name}: {before.counts[name]} → {after.counts[name]}"
        for name in sorted({*before.counts, *after.counts})
        if before.counts[name] != after.counts[name]
    ]
    known = {error[:3] for error in before.errors}
    return changed + ["\t".join(error) for error in after.errors if changed and error[:3] not in known]


def main() -> int:
    texts = text_cases(Path(sys.argv[1]))
    before = score_texts(texts)
    print(f"{len(texts)} texts, F1 {before.total().f1:.4f}")
    for name, world in WORLDS.items():
        after = score_texts(renamed(texts, world))
        print(f"== {name}: F1 {after.total().f1:.4f}")
        print("\n".join(worse(before, after)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
