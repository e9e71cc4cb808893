"""Cited papers against the corpus: not there, there under another title or number, last year's where this year's is
there. Laws and rules are no papers of an office: those are held against the list of replaced ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from draft.check.library import Known, Library
from draft.check.model import Checked, Finding
from index.catalogue.titles import read_title

_PAPER = regex.compile(r"(?:通知|意见|函|方案|决定|批复|通报|要点|计划|办法)》?$")
_TITLE = regex.compile(r"《(?P<title>[^《》\n]{6,80})》")
_YEAR = regex.compile(r"(?<!\d)20\d{2}(?=年)")
RULE = "引用文件"


def citations(paper: Checked) -> Iterator[Finding]:
    """Each with a place in the text. Without a corpus only old years in cited titles are asked about."""
    yield from _bare(paper)
    own = {read_title(str(one)).key for one in (paper.record["title"], *paper.record["enclosures"]) if one}
    for at, row in enumerate(paper.record["citations"]):
        place = _place(paper, at)
        title = str(row.get("title") or "").strip("《》")
        if place is None or (title and read_title(title).key in own):
            continue
        found = None if paper.library is None else _against(paper.library, row, title)
        if found is None:
            found = _last_years(paper, title)
        if found is not None:
            message, proposal = found
            yield paper.found(*place, "citation", RULE, message, "ask", proposal)


def _bare(paper: Checked) -> Iterator[Finding]:
    """Titles that extraction has not read as citations."""
    read = [_place(paper, at) for at in range(len(paper.record["citations"]))]
    known = [one for one in read if one is not None]
    titles = {str(one) for one in (paper.record["title"], *paper.record["enclosures"], *paper.record["annexes"]) if one}
    for match in _TITLE.finditer(paper.text):
        if any(start < match.end() and match.start() < end for start, end in known) or match["title"] in titles:
            continue
        found = _last_years(paper, match["title"])
        if found is not None:
            yield paper.found(*match.span("title"), "citation", RULE, found[0], "ask", found[1])


def _against(library: Library, row: dict[str, Any], title: str) -> tuple[str, str] | None:
    number = str(row.get("document_number") or "")
    if number:
        found = library.by_number(number)
        if not found:
            return f"库中没有 {number}，请核对文号和标题", ""
        if title and not any(_same(title, one) for one in found):
            shown = found[0].title
            return f"{number} 在库中的标题是《{shown}》", f"《{shown}》（{found[0].number}）"
        return None
    if not _PAPER.search(title):
        return None
    found = library.by_title(title)
    if found:
        return None
    return _newer(library, title) or (f"库中没有《{title}》，请核对标题", "")


def _newer(library: Library, title: str) -> tuple[str, str] | None:
    """A paper of this title but for its year."""
    years = _YEAR.findall(title)
    for near in (1, -1, 2):
        if years and (found := library.by_title(title.replace(years[0], str(int(years[0]) + near)))):
            return f"库中没有《{title}》，有《{found[0].title}》", _cited(found)
    return None


def _last_years(paper: Checked, title: str) -> tuple[str, str] | None:
    """A notice of the year before: this year's may be meant."""
    last = str(paper.year - 1)
    if not _PAPER.search(title) or last not in _YEAR.findall(title) or int(last) in paper.named:
        return None
    now = title.replace(last, str(paper.year))
    found = paper.library.by_title(now) if paper.library is not None else ()
    told = f"引用的是{last}年的文件" + (f"，库中已有{paper.year}年的" if found else "，请核对是否应为今年的")
    return told, _cited(found) if found else ""


def _cited(found: Sequence[Known]) -> str:
    return f"《{found[0].title}》" + (f"（{found[0].number}）" if found[0].number else "")


def _same(title: str, known: Known) -> bool:
    one, other = read_title(title).key, read_title(known.title).key
    return not one or one in other or other in one


def _place(paper: Checked, at: int) -> tuple[int, int] | None:
    for column in ("title", "document_number"):
        evidence = paper.record.evidence.get(f"citations/{at}/{column}")
        if evidence:
            return evidence[0].start - paper.begin, evidence[0].end - paper.begin
    return None
