"""Who does what, told by verbs instead of labels: （A牵头，B、C配合）, （A、B按职责分工负责）, 由A牵头，B参与."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from gongwen.text import Span
from gongwen.values.units import is_group, looks_like_unit, split_units

_NESTED = r"(?:[^（）〔〕]|[（〔][^（）〔〕]*[）〕])*"
_DUTY = r"按(?:照)?(?:各自)?(?:职责|职能|任务)(?:和|及)?(?:分工)?(?:分别|共同)?(?:负责|落实|抓好落实|推进)?"
_HOW = r"(?:共同|联合|具体|分别|各自|分工|予以|积极|协同)?"
_LEAD = rf"{_HOW}牵头(?:负责|落实|组织|实施|推进|抓总)?"
_SHARE = rf"(?:{_DUTY}|{_HOW}负责(?:落实|实施)?|{_HOW}(?:配合|参与|参加|协助|协同|落实|实施|支持|协办))"
_BRACKET = regex.compile(rf"[（〔](?P<body>{_NESTED})[）〕](?=\s*(?:$|[。；\n]))")
_PART = regex.compile(rf"(?P<units>[^；]{{2,240}}?)(?:(?P<lead>{_LEAD})|(?P<share>{_SHARE}))(?=[，；、,]|$)")
_LABELLED = regex.compile(
    r"\s*(?:(?P<lead>牵头|主抓|主责)|(?P<share>责任|配合|参与|参加|协助|协同|协办))(?:单位|部门)?：\s*(?P<units>[^：；\n]{2,200}?)\s*(?:[；\n]|$)"
)
_DUE = regex.compile(
    r"[；，]\s*(?P<time>(?:持续|长期|常年|全年|即日|立即|(?:20\d\d年|每|\d{1,2}月|年底|年内|今年|明年|20\d\d-))[^；，。（）]{0,24}?)(?:完成|落实|出台|实施)?$"
)
"""（A牵头，B配合；2025年12月底前）: by when, behind those who do it."""
_BARE = regex.compile(r"(?<=[。；])\s*[（〔](?P<body>[^：。；]{2,160}?)[）〕]\s*$")
_PLACE = regex.compile(r"^\p{Han}{1,8}(?:区|县|市|乡|镇|街道|新区|园区)$")
_PROSE = regex.compile(
    r"(?<![理缘来])由(?P<units>[^，。；：由]{2,80}?)(?:(?P<lead>(?:共同|联合)?(?:牵头(?!单位|部门)(?:负责|组织)?|负责(?=，[^。；]{2,60}?(?:配合|参与|协助|协同|支持))))|(?P<share>(?:按职责分工)?负责(?:落实|实施|组织|提供|推进|组织实施|具体实施)?(?=[。；]|$)))"
    r"(?:，(?:会同|联合|商)?(?P<others>[^，。；：]{2,80}?)(?:予以)?(?:配合|参与|协助|协同|参加|支持))?"
)


@dataclass(frozen=True, slots=True)
class Share:
    """A role (lead, responsible, cooperate) and where its units are printed."""

    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Told:
    """One statement of shares; `start` is where it begins in the text, `time` by when, where the bracket tells it."""

    start: int
    shares: tuple[Share, ...]
    time: Span | None = None


def find_brackets(folded: str) -> Iterator[Told]:
    """Brackets that close an item and say nothing but who does it."""
    for match in _BRACKET.finditer(folded):
        due = _DUE.search(match["body"])
        body = match["body"][: due.start()] if due else match["body"]
        shares = _read(body, match.start("body"))
        if shares:
            time = Span(*due.span("time")).shifted(match.start("body")) if due else None
            yield Told(match.start(), shares, time)


def find_bare(folded: str) -> Told | None:
    """（A、B） at the end of an item: names and no verb. Only its neighbours can say what it means."""
    match = _BARE.search(folded)
    if match is None or not _are_units(match["body"]):
        return None
    return Told(match.start(), (Share("responsible", Span(*match.span("body"))),))


def find_prose(folded: str) -> Iterator[Told]:
    """由A牵头，B、C配合 in running text."""
    for match in _PROSE.finditer(folded):
        if not _are_units(match["units"]):
            continue
        role = "lead" if match["lead"] else "responsible"
        shares = [Share(role, Span(*match.span("units")))]
        if match["others"] and _are_units(match["others"]):
            shares.append(Share("cooperate", Span(*match.span("others"))))
        yield Told(match.start(), tuple(shares))


def read_shares(text: str) -> tuple[Share, ...]:
    """A牵头，B、C配合 or 牵头：A；配合：B and nothing else; () for any other text."""
    body = text.rstrip("。； \n")
    return _read(body, 0) or _labelled(body)


def _labelled(body: str) -> tuple[Share, ...]:
    shares: list[Share] = []
    at = 0
    while at < len(body):
        match = _LABELLED.match(body, at)
        if match is None or not _are_units(match["units"]):
            return ()
        role = "lead" if match["lead"] else _role(match["share"])
        shares.append(Share(role, Span(*match.span("units"))))
        at = match.end()
    return tuple(shares)


def _read(body: str, begin: int) -> tuple[Share, ...]:
    """All of the bracket as shares; () when any of it says something else."""
    shares: list[Share] = []
    at = 0
    while at < len(body):
        part = _PART.match(body, at)
        if part is None or not _are_units(part["units"]):
            return ()
        role = "lead" if part["lead"] else _role(part["share"])
        shares.append(Share(role, Span(begin + part.start("units"), begin + part.end("units"))))
        at = part.end()
        while at < len(body) and body[at] in "，；、, ":
            at += 1
    return tuple(shares)


def _role(verb: str) -> str:
    return "cooperate" if regex.search(r"配合|参与|参加|协助|协同|支持|协办", verb) else "responsible"


def _are_units(text: str) -> bool:
    """A list of units and nothing else; where work is shared out, groups (各乡镇) and places (经开区) are units too."""
    names = ["".join(name.text.split()) for name in split_units(text)]
    return bool(names) and all(looks_like_unit(one) or is_group(one) or _PLACE.search(one) for one in names)
