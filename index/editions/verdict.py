"""Whether two papers are one: copies, versions, or two that were given the same number by mistake.

Nothing is called a copy that contradicts itself: other numbers, other years in the titles, other signing dates. The
judgement is the same whichever of the two came first."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from index.editions.differences import Differences, Edit
from index.editions.face import Face

Kind = Literal["copy", "version", "clash"]
"""The same text; the same paper in other words; two papers under one number (同号异文)."""

_ALIKE = 0.85
"""Titles, as an OCR reads them: four wrong characters of thirty."""
_AKIN = 0.5
"""Titles of two versions: half of it may be put otherwise."""
_SHARED = 0.5
_LITTLE = 0.2
"""Share of the text that versions with one title and one number have in common at least."""
_EDGE = 60
"""Characters before or behind the common text that a format adds: 附件下载, an imprint not known as one."""
_SAID = 200
"""Characters that make a text known by itself, without number and title."""
_SLIPS = 4
_SLIP_RATES = (0.004, 0.06)
"""Single characters put wrongly all over a text are a machine's, not an editor's: from so many, and of so many."""
_OCR_RATE = 0.10
_OCR_RUN = 40
"""What OCR may have read otherwise: 0.3 to 0.4 % of the characters by measurement, whole lines under a seal."""
_SLIP_SHARE = 0.7
_SLIP_RUN = 4
"""Wrong characters side by side."""
_FIGURE_SHARE = 0.4
"""When so many of the differences are in figures, it is another year's paper or a corrected one, not a bad scan: OCR
misread none in 24 scans of the samples, where it misread 19 other characters."""


def may_be_one(one: Face, other: Face) -> bool:
    """Whether it is worth laying the texts side by side."""
    if one.sha256 == other.sha256 or one.is_form or other.is_form:
        return False
    if _same_number(one, other):
        return True
    return not (_contradict(one, other) or one.is_annex != other.is_annex)


def judge(one: Face, other: Face, found: Differences) -> Kind | None:
    """What two papers that `may_be_one` are to each other."""
    if _same_number(one, other):
        return _of_one_number(one, other, found)
    if _is_copy(one, other, found) and ((one.title and other.title) or found.size >= _SAID):
        return "copy"
    both_known = one.occasion and one.occasion == other.occasion and bool(one.issuers and other.issuers)
    return "version" if both_known and found.share >= _SHARED else None


def _of_one_number(one: Face, other: Face, found: Differences) -> Kind | None:
    is_other_year = _other_years(one, other)
    is_enclosure = _is_enclosure(one, other)
    if _is_copy(one, other, found) and not (is_enclosure and found.edits):
        return "version" if is_other_year else "copy"
    if one.is_annex or other.is_annex or is_enclosure or not _akin(one.issuers, other.issuers):
        return None  # annexes bear the number of what they belong to
    alike = _likeness(one.title, other.title)
    if is_other_year:
        return "clash"
    if alike is None:
        return "version" if found.held >= _SHARED else None
    if (alike >= _ALIKE and found.held >= _LITTLE) or (alike >= _AKIN and found.held >= _SHARED):
        return "version"
    if found.share >= _SHARED:
        return "version"
    return "clash" if one.is_numbered and other.is_numbered else None


def _same_number(one: Face, other: Face) -> bool:
    return bool(one.number) and one.number == other.number


def _contradict(one: Face, other: Face) -> bool:
    """Whether their headers cannot be those of one paper. Doubtful values contradict nothing."""
    if one.is_numbered and other.is_numbered and one.number != other.number and not _is_misread(one, other):
        return True
    alike = _likeness(one.title, other.title)
    is_unlike = alike is not None and alike < _ALIKE
    return (
        is_unlike or _other_years(one, other) or _other_dates(one, other) or _is_enclosure(one, other)
        or not _akin(one.issuers, other.issuers)
    )  # fmt: skip


def _is_misread(one: Face, other: Face) -> bool:
    """Whether a scan may have read one number for the other: one character of the agency code. Figures are another
    number."""
    agency, _, rest = one.number.partition("|")
    other_agency, _, other_rest = other.number.partition("|")
    if not (one.is_ocr or other.is_ocr) or rest != other_rest or len(agency) != len(other_agency):
        return False
    return sum(a != b for a, b in zip(agency, other_agency, strict=True)) == 1


def _other_years(one: Face, other: Face) -> bool:
    if "title" in one.doubtful or "title" in other.doubtful:
        return False
    return bool(one.years and other.years) and set(one.years) != set(other.years)


def _other_dates(one: Face, other: Face) -> bool:
    return any(
        name not in one.doubtful and name not in other.doubtful and one.dates[name] != other.dates[name]
        for name in ("issue_date", "print_date")
        if name in one.dates and name in other.dates
    )


def _is_enclosure(one: Face, other: Face) -> bool:
    """Whether one is issued with the other: the plan and the notice that issues it."""
    if one.title == other.title:
        return False
    return one.title in other.enclosed or other.title in one.enclosed


def _akin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one unit issued both, or nobody says who did. A scan may misread a name, a seal may hide one."""
    if not one or not other:
        return True
    return any(a in b or b in a or _ratio(a, b) >= 0.75 for a in one for b in other)


def _likeness(one: str, other: str) -> float | None:
    """None when a title is not known."""
    if not one or not other:
        return None
    return 1.0 if one == other else _ratio(one, other)


def _ratio(one: str, other: str) -> float:
    first, second = sorted((one, other))  # the ratio depends on the order
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _is_copy(one: Face, other: Face, found: Differences) -> bool:
    if not found.common:
        return False
    edits = [edit for edit in found.edits if not (edit.is_edge and edit.size <= _EDGE)]
    if not edits:
        return True
    figures = sum(_has_figure(edit) for edit in edits)
    if figures >= _FIGURE_SHARE * len(edits):
        return False
    wrong, longest = sum(edit.size for edit in edits), max(edit.size for edit in edits)
    if one.is_ocr or other.is_ocr:
        return wrong <= _OCR_RATE * found.size and longest <= _OCR_RUN
    least, most = (rate * found.size for rate in _SLIP_RATES)
    slips = [edit for edit in edits if len(edit.old) == len(edit.new) == 1]
    is_all_over = len(slips) >= max(_SLIPS, least) and len(slips) >= _SLIP_SHARE * len(edits)
    return is_all_over and wrong <= most and longest <= _SLIP_RUN


def _has_figure(edit: Edit) -> bool:
    return any(char.isdigit() for char in edit.old + edit.new)
