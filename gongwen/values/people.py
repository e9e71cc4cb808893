"""Names of persons, posts, and the lines of a roster (domain.md §6, §12 F)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.vocab import vocab, words

_DOTTED = r"\p{Han}{1,8}(?:·\p{Han}{1,8}){1,4}"
_DOTTED_NAME = regex.compile(_DOTTED)
_HAN_NAME = regex.compile(r"\p{Han}{2,4}")
_LONGEST = 24
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A person in a list of members; spans are offsets into the line. `role` None: the line leans on the role of
    the line before. `post` "" where none is printed."""

    role: str | None
    name: str
    post: str
    role_span: Span | None
    name_span: Span
    post_span: Span | None


@dataclass(frozen=True, slots=True, order=True)
class Post:
    """A post and the body it is held in; `unit` "" where the text does not say."""

    unit: str
    post: str


def close_name(text: str) -> str:
    """A name with its inner gaps closed and its dots alike: 何　立 → 何立."""
    return "".join(fold_width(text).split())


def looks_like_name(text: str) -> bool:
    """A Chinese name (a known surname and one or two characters, or a compound surname) or one with dots."""
    if len(text) > _LONGEST:
        return False
    name = close_name(text)
    if _DOTTED_NAME.fullmatch(name):
        return True
    if _HAN_NAME.fullmatch(name) is None or name in words("roles", "not_names"):
        return False
    if name.startswith(words("surnames", "compound")):
        return 3 <= len(name) <= 4
    return name[0] in _surnames() and len(name) <= 3


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(str(vocab("surnames")["single"]).split()))


def _spread(word: str) -> str:
    return r"\s{0,4}".join(regex.escape(char) for char in word)


@cache
def _role() -> regex.Pattern[str]:
    roles = "|".join(_spread(word) for word in words("roles", "roles"))
    lead = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.]{1,2}\s{0,4})?"
    return regex.compile(
        rf"\s{{0,80}}{lead}(?P<role>(?:\p{{Han}}{{0,12}}?小组\s{{0,4}}|办公室\s{{0,4}})?(?:{roles})(?:兼[^\s：]{{1,12}})?)"
        r"(?:（\p{Han}{1,10}）)?(?:\s{0,8}：|(?=\s))\s{0,80}"
    )


_SPREAD_NAME = r"\p{Han}[ \t]{1,6}\p{Han}(?=[\s（，、；。]|\Z)"
_PLAIN_NAME = r"\p{Han}{2,4}(?=[\s（，、；。]|\Z)"
_NAME = regex.compile(rf"(?P<name>{_DOTTED}|{_SPREAD_NAME}|{_PLAIN_NAME})(?P<note>（(?:女|男|兼|[^（）]{{1,12}}族)）)?")
_REVERSED = regex.compile(
    rf"(?P<post>\S{{4,60}})[ \t]{{1,20}}(?P<name>{_DOTTED}|{_SPREAD_NAME}|{_PLAIN_NAME})\s{{0,80}}"
)


def parse_roster_line(line: str) -> RosterLine | None:
    """One person with role, name and post: `组 长：⇥周明远⇥市科协党组书记`, `　　　何　立　　某局局长`. None for a line
    that names several persons (roster_names reads those) or is no roster line."""
    if len(line) > _LONGEST_LINE:
        return None
    folded = fold_width(line)
    role = _role().match(folded)
    start = role.end() if role else len(folded) - len(folded.lstrip(" \t\n，"))
    name = _NAME.match(folded, start)
    if name is None or not looks_like_name(name["name"]):
        return _reversed_line(folded, role, start)
    begin = len(folded) - len(folded[name.end() :].lstrip(" \t\n，"))
    end = len(folded.rstrip().rstrip("；。，"))
    span = Span(*name.span("name"))
    if begin >= end:
        return _line(folded, role, span, None) if role else None
    if folded[begin] == "（" and folded[end - 1] == "）" and "（" not in folded[begin + 1 : end]:
        begin, end = begin + 1, end - 1
    post = folded[begin:end]
    if regex.search(r"[。；：]", post) or not (role or is_post(post)) or post[:1] == "、":
        return None
    return _line(folded, role, span, Span(begin, end))


def _reversed_line(folded: str, role: regex.Match[str] | None, start: int) -> RosterLine | None:
    """`成员：市科协副主席　周明远`: the post stands first."""
    match = _REVERSED.fullmatch(folded, start)
    if match is None or not looks_like_name(match["name"]) or not is_post(match["post"]):
        return None
    return _line(folded, role, Span(*match.span("name")), Span(*match.span("post")))


def _line(folded: str, role: regex.Match[str] | None, name: Span, post: Span | None) -> RosterLine:
    return RosterLine(
        close_gaps(role["role"]) if role else None,
        close_name(name.of(folded)),
        close_gaps(post.of(folded)) if post else "",
        Span(*role.span("role")) if role else None,
        name,
        post,
    )


def roster_names(line: str) -> list[RosterLine]:
    """Several persons on one line without posts: `成员：林若溪、何立、陈小满` (also parted by gaps)."""
    if len(line) > 2000:
        return []
    folded = fold_width(line)
    role = _role().match(folded)
    found: list[RosterLine] = []
    at = role.end() if role else 0
    while at < len(folded):
        name = _NAME.match(folded, at)
        if name is None or not looks_like_name(name["name"]):
            if folded[at] in "、，；。 \t\n":
                at += 1
                continue
            return []
        found.append(_line(folded, role, Span(*name.span("name")), None))
        at = name.end()
    return found if len(found) > 1 else []


_APPOINTED = regex.compile(r"由(?P<who>[^由，。；：\n]{2,40}?)(?:同志)?(?:兼任|担任|出任)")
_ROLE_BEFORE = 16


def find_appointments(text: str) -> list[RosterLine]:
    """Roles given in prose: 办公室主任由林若溪同志兼任, 办公室主任由市科协副主席林若溪兼任."""
    folded = fold_width(text)
    roles = regex.compile("(?:办公室)?(?:" + "|".join(words("roles", "roles")) + r")\Z")
    found: list[RosterLine] = []
    for match in _APPOINTED.finditer(folded):
        base = max(0, match.start() - _ROLE_BEFORE)
        role = roles.search(folded[base : match.start()])
        who = Span(*match.span("who"))
        name = next((who.end - n for n in (3, 2, 4) if _splits_at(folded, who, who.end - n)), None)
        if role is None or name is None:
            continue
        post = Span(who.start, name) if name > who.start else None
        span = Span(*role.span()).shifted(base)
        name_span = Span(name, who.end)
        printed = close_gaps(post.of(folded)) if post else ""
        found.append(RosterLine(role.group(), close_name(name_span.of(folded)), printed, span, name_span, post))
    return found


def _splits_at(folded: str, who: Span, at: int) -> bool:
    """Whether a name begins here: what stands before it is nothing or a whole post."""
    if at < who.start or not looks_like_name(folded[at : who.end]):
        return False
    return at == who.start or is_post(folded[who.start : at])


@cache
def _post() -> regex.Pattern[str]:
    ranks = "|".join(regex.escape(word) for word in words("roles", "ranks"))
    posts = "|".join(regex.escape(word) for word in words("roles", "posts"))
    return regex.compile(rf"(?:{ranks}){{0,2}}(?:{posts})(?:（[^（）]{{1,20}}）)?")


def is_post(text: str) -> bool:
    """Whether a printed post ends as posts do: 市科协党组书记、主席."""
    closed = close_gaps(fold_width(text)) if len(text) <= 120 else ""
    return bool(closed) and _cut(regex.split("[、，]", closed)[-1]) is not None


def split_posts(text: str) -> list[Post]:
    """市科协党组书记、主席 → (市科协党组, 书记), (市科协, 主席): a post without a unit is held in the unit before it,
    without its Party group; 市委常委、副市长 → the second in 市政府. A piece that is no post is given with unit ""."""
    found: list[Post] = []
    if len(text) > _LONGEST_LINE:
        return found
    for piece in _pieces(close_gaps(fold_width(text))):
        cut = _cut(piece)
        if cut is None:
            found.append(Post("", piece))
            continue
        post = Post(piece[:cut], piece[cut:])
        if not post.unit and found:
            post = replace(post, unit=_unit_for(post.post, found[-1].unit))
        found.append(post)
    return found


def _pieces(text: str) -> Iterator[str]:
    for piece in regex.split(r"[、，；]|兼(?!职)", text):
        if piece:
            yield piece


def _cut(piece: str) -> int | None:
    """Where the post begins: the earliest place from which all the rest is one post."""
    pattern = _post()
    for at in range(max(0, len(piece) - 40), len(piece)):
        if pattern.fullmatch(piece, at):
            return at
    return None


def _unit_for(post: str, unit: str) -> str:
    if post.endswith(words("roles", "government_posts")) and unit.endswith("委"):
        return f"{unit.removesuffix('委')}政府"
    for body in words("roles", "inner_bodies"):
        if unit.endswith(body) and len(unit) > len(body):
            return unit.removesuffix(body)
    return unit
