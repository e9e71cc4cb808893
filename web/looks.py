"""How the original of a paper is shown: its pages as pictures (原貌) or its words (文字); kept in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from flask import request, url_for

from gongwen.boxes import quarters
from gongwen.errors import SourceError
from ingest.pictures.wish import LARGE, SMALL
from web.opened import Opened
from web.pictured import LISTED, NEAR, Leaf, Spots, find_spots, page_of_anchor
from web.ports import services

PAGES, TEXT = "pages", "text"
UNSHOWABLE = "这一页无法显示，请下载原件查看。"
WITHHELD = "这一页有文字没有识别出来，可能含有手机号码或私人邮箱，没有显示。可点“显示完整号码”查看，或下载原件。"
_NO_SPOTS = Spots({}, {})


class Heading(Protocol):
    @property
    def anchor(self) -> str: ...

    @property
    def page(self) -> int | None: ...


@dataclass(frozen=True)
class Look:
    """One way to see a paper. `has_pages`: there is a choice. Addresses keep everything else as it is."""

    address: str
    full: bool
    has_pages: bool = False
    is_pictured: bool = False
    page: int = 1
    spots: Spots = _NO_SPOTS
    leaves: tuple[Leaf, ...] = ()
    before: int | None = None
    """The nearest page in front of those listed; None when there is none."""
    after: int | None = None

    def url(self, view: str, page: int | None = None, *, full: bool | None = None) -> str:
        wanted = self.full if full is None else full
        shown = page if view == PAGES else None
        return url_for("documents.show", address=self.address, view=view, page=shown, full="1" if wanted else None)

    def link(self, place: str) -> str:
        """Where the place of a value is: on this page, or on one of the original that is not shown now."""
        page = page_of_anchor(place)
        if page is None or any(leaf.number == page and leaf.near for leaf in self.leaves):
            return f"#{place}"
        return f"{self.url(PAGES, page)}#{place}"

    def heading(self, heading: Heading) -> str:
        """Where an entry of the outline leads; '' when it leads nowhere."""
        if not self.is_pictured:
            return f"#{heading.anchor}" if heading.anchor else ""
        if heading.page is None or heading.page not in (leaf.number for leaf in self.leaves):
            return ""
        is_near = any(leaf.number == heading.page and leaf.near for leaf in self.leaves)
        return f"{'' if is_near else self.url(PAGES, heading.page)}#p-{heading.page}"

    def picture(self, number: int, size: int) -> str:
        return picture_url(self.address, number, size, full=self.full)

    def sheet(self, number: int) -> str:
        return url_for("pictures.sheet", address=self.address, number=number, full="1" if self.full else None)

    def widths(self, number: int) -> str:
        """For srcset."""
        return f"{self.picture(number, 1)} {SMALL}w, {self.picture(number, 2)} {LARGE}w"


def choose_look(paper: Opened) -> Look:
    """As the address asks; pages where there are any, and text for what is neither."""
    look = Look(paper.record.id, paper.full)
    if not can_draw(paper):
        return look
    numbers = paper.pages
    page = request.args.get("page", numbers[0], int)
    look = replace(look, has_pages=True, page=page if page in numbers else numbers[0])
    if request.args.get("view") == TEXT:
        return look
    at = numbers.index(look.page)
    first, last = max(0, at - LISTED), at + LISTED
    spots = find_spots(paper.document, paper.record, numbers)
    return replace(
        look, is_pictured=True, spots=spots,
        leaves=tuple(
            make_leaf(paper, spots, number, near=abs(place - at) <= NEAR)
            for place, number in enumerate(numbers[first : last + 1], first)
        ),
        before=numbers[first - 1] if first else None,
        after=numbers[last + 1] if last + 1 < len(numbers) else None,
    )  # fmt: skip


def can_draw(paper: Opened) -> bool:
    pictures = services().pictures
    return pictures is not None and pictures.draws(paper.reading.media_type) and bool(paper.pages)


def make_leaf(paper: Opened, spots: Spots, number: int, *, near: bool) -> Leaf:
    page = next(page for page in paper.document.pages if page.number == number)
    turn = quarters(page.angle)
    wide, high = (page.height, page.width) if turn % 2 else (page.width, page.height)
    why = why_not(paper, number) if near else ""
    return Leaf(number, wide, high, spots.pages.get(number, ()) if near and not why else (), near, turn, why)


def why_not(paper: Opened, number: int) -> str:
    """Why a page is not shown, as far as it is known before it is drawn; '' when nothing speaks against it."""
    if number in paper.cover.withheld:
        return WITHHELD
    pictures = services().pictures
    code = pictures.failure(paper.reading.sha256, number) if pictures is not None else None
    return "" if code is None else tell_failure(SourceError(code))


def tell_failure(error: SourceError) -> str:
    """What a person can do about it; the reasons themselves are for the log."""
    return error.sentence if error.code == "no_font" else UNSHOWABLE


def has_bars(paper: Opened) -> bool:
    """Whether its pages look different with numbers in full."""
    if not paper.is_guarded:
        return False
    cover = replace(paper, full=False).cover
    return any(number in cover.bars or number in cover.withheld for number in paper.pages)


def list_pictures(paper: Opened) -> list[dict[str, Any]]:
    """For programs: where the pictures of the pages are."""
    if not can_draw(paper):
        return []
    sizes = {page.number: (page.width, page.height) for page in paper.document.pages}
    return [
        {"number": number, "width": sizes[number][0], "height": sizes[number][1],
         "picture": picture_url(paper.record.id, number, 2, full=paper.full)}
        for number in paper.pages
    ]  # fmt: skip


def picture_url(address: str, number: int, size: int, *, full: bool) -> str:
    return url_for(
        "pictures.picture", address=address, number=number, size=size if size > 1 else None, full="1" if full else None
    )
