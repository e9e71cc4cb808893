"""What a name of a unit is made of, by the words of the genre (rules/vocab/units.yml); places are not known here."""

from __future__ import annotations

from functools import cache, lru_cache

import regex

from gongwen.text import fold_width
from gongwen.values.vocab import words

MAX_NAME = 60  # the longest printed name seen has 41 characters with its bracket

AND_PLACE = r"[和与及](?![各省市县区本全新社城郊])\p{Han}(?:[市县区州旗]|\p{Han}{1,3}族自治)"
"""A place whose name begins with a word that means and (和平县): 平县 alone would be left over."""


def looks_like_unit(text: str) -> bool:
    """Whether a name ends as units do (brackets at its end are passed over)."""
    return len(text) <= 4 * MAX_NAME and _looks_like_unit(text)


@lru_cache(maxsize=16384)
def _looks_like_unit(text: str) -> bool:
    name = without_bracket("".join(fold_width(text).split()))
    if not 2 <= len(name) <= MAX_NAME or name in words("units", "not_units"):
        return False
    if regex.search(r"[，。；：！？]", name) or regex.match(rf"(?!{AND_PLACE})[和与及或的之]", name):
        return False
    tails = tuple(word for word in words("units", "not_units") if len(word) > 1)
    if name.endswith(tails) and not is_bare(name):
        return False
    return name.endswith(words("units", "suffixes"))


def is_bare(name: str) -> bool:
    """A name without its level or place: 教育局, 科协, 自然资源和规划局, 老干部局."""
    return len(name) <= MAX_NAME and _is_bare(name)


@lru_cache(maxsize=16384)
def _is_bare(name: str) -> bool:
    return _bare().fullmatch(name) is not None


def is_group(name: str) -> bool:
    """A name that stands for several units: 各县（区）科协, 领导小组各成员单位, 有关企业."""
    closed = "".join(fold_width(name).split())
    return "各" in closed[:40] or closed.startswith(("有关", "相关")) or closed.endswith(("成员单位", "有关单位"))


@cache
def _bare() -> regex.Pattern[str]:
    def choice(key: str) -> str:
        return "|".join(regex.escape(word) for word in words("units", key))

    return regex.compile(
        rf"(?:党委|政府)?(?:{choice('bare_bodies')}|{choice('party_bodies')}"
        rf"|(?:(?:{choice('stems')})[和与及]?){{1,6}}(?:{choice('stem_suffixes')}))"
    )


def without_bracket(name: str) -> str:
    """A name without the brackets at its end: 云州市融媒体中心（云州市广播电视台）."""
    while name.endswith("）") and "（" in name:
        name = name[: name.rindex("（")]
    return name
