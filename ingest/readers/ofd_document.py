"""From OFD.xml to pages: document bodies, their common data, the order of pages (GB/T 33190-2016, 7.4-7.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import regex
from lxml import etree

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGE_POINTS, MAX_PAGES, announce, page_done
from ingest.readers import ofd_facts as facts
from ingest.readers.ofd_package import BROKEN, ROOT, Package, children, text_of
from ingest.readers.ofd_page import PageText, Sheet, turned
from ingest.readers.ofd_resources import Resources, listed
from ingest.readers.ofd_units import MM, box
from ingest.readers.pdf_model import RawPage
from ingest.readers.plane import Matrix

_TEMPLATE_USED = regex.compile(rb"""\bTemplateID\s*=\s*["'](\w{1,20})["']""")
_A4 = (0.0, 0.0, 210.0, 297.0)
_BOXES = ("Area/PhysicalBox", "Area/ApplicationBox")
_AREA = ("CommonData/PageArea/PhysicalBox", "CommonData/PageArea/ApplicationBox")


@dataclass(slots=True)
class _Template:
    location: str | None
    order: str
    pages: int = 0
    """That print it."""
    root: etree._Element | None = None
    is_read: bool = False


@dataclass(slots=True)
class _Body:
    """One document of the file."""

    name: str
    root: etree._Element
    entry: etree._Element
    """DocBody, in the list of documents."""
    resources: Resources
    annotations: dict[str, list[str]]
    templates: dict[str, _Template] = field(default_factory=dict)
    pages: list[etree._Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Laid:
    """A page as it is printed: its sheets from the back to the front, then what its annotations print. `frame` leads
    from millimetres to points of the page as it is read, which for tables laid crosswise is not as it lies."""

    entry: str
    """The page's number in the file, by which stamps refer to it."""
    document: tuple[str, etree._Element]
    """Name and root of the document's part."""
    resources: tuple[tuple[str, str | None], ...]
    """Resource files, later ones before earlier ones: the part that names each, and its location."""
    sheets: tuple[Sheet, ...]
    marks: tuple[etree._Element, ...]
    size: tuple[float, float]
    frame: Matrix
    text: PageText
    body: etree._Element
    """DocBody: where signatures are listed."""


def _printed(
    text: PageText, sheets: list[Sheet], marks: list[etree._Element], resources: Resources, height: float
) -> PageText:
    for sheet in sheets:
        text.sheet(sheet, resources, height)
    for appearance in marks:
        text.aside(appearance, resources)
    return text


class Reading:
    """One file. While `pages` is gone through, `reasons` fills with what could not be read."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self.reasons: Counter[str] = Counter()
        self.failures: list[SourceError] = []
        self.links: list[facts.Link] = []
        self.is_signed = False
        self._bodies = [body for one in self._document_bodies() for body in self._opened(one)]

    @property
    def warnings(self) -> tuple[str, ...]:
        found = ("crc", self._package.has_wrong_crc), ("signed", self.is_signed)
        return tuple(code for code, holds in found if holds)

    def pages(self) -> Iterator[RawPage]:
        """All pages in order. SourceError `too_many_pages`, `page_size`, `too_much_text`."""
        count = sum(len(body.pages) for body in self._bodies)
        if count == 0:
            raise self.failures[0] if self.failures else SourceError("ofd_missing_part", "no pages")
        if count > MAX_PAGES:
            raise SourceError("too_many_pages", str(count))
        announce(count)
        number = 0
        for body in self._bodies:
            for page in body.pages:
                number += 1
                yield self._page(body, page, number)
                page_done()

    def _document_bodies(self) -> list[etree._Element]:
        _, root = self._package.xml(ROOT)
        found = children(root, "DocBody")
        if not found:
            raise SourceError("ofd_missing_part", "no DocBody")
        return found

    def _opened(self, body: etree._Element) -> list[_Body]:
        """None or one: a document that is broken does not take the others with it."""
        try:
            name, root = self._package.xml(self._root_of(body), ROOT)
        except SourceError as error:
            self._fail(error)
            return []
        signed = facts.signatures(self._package, body)
        self.is_signed |= bool(signed)
        self.links += signed
        self.links += facts.attachments(self._package, name, root) + facts.custom_tags(self._package, name, root)
        self.links += facts.addresses(root)
        made = _Body(name, root, body, Resources(), facts.page_annotations(self._package, name, root))
        made.resources.load(self._package, [*listed(root, "PublicRes"), *listed(root, "DocumentRes")], name)
        for one in root.findall("{*}CommonData/{*}TemplatePage"):
            made.templates[one.get("ID", "")] = _Template(one.get("BaseLoc"), one.get("ZOrder", "Background"))
        made.pages = root.findall("{*}Pages/{*}Page")
        self._count_uses(made)
        return [made]

    def _count_uses(self, body: _Body) -> None:
        """How many pages print each template, before the first page is read."""
        if not body.templates or not 1 < len(body.pages) <= MAX_PAGES:
            return
        for page in body.pages:
            content = self._package.content(page.get("BaseLoc"), body.name)
            for name in {found.decode() for found in _TEMPLATE_USED.findall(content)}:
                if name in body.templates:
                    body.templates[name].pages += 1

    def _root_of(self, body: etree._Element) -> str | None:
        """The current version where there are several (18), else the root of the document."""
        for one in body.findall("{*}Versions/{*}Version"):
            if one.get("Current", "").lower() in ("true", "1"):
                found = self._package.side(one.get("BaseLoc"), ROOT)
                said = None if found is None else text_of(found[1], "DocRoot")
                if found is not None and said is not None:
                    return self._package.locate(said, found[0]) or said
        return text_of(body, "DocRoot")

    def _fail(self, error: SourceError) -> None:
        if error.code not in BROKEN:
            raise error
        self.failures.append(error)
        self.reasons[error.code] += 1

    def _page(self, body: _Body, entry: etree._Element, number: int) -> RawPage:
        try:
            name, root = self._package.xml(entry.get("BaseLoc"), body.name)
        except SourceError as error:
            self._fail(error)
            return RawPage(number, *self._size(body, None, number))
        laid = self._laid(body, entry, number, name, root)
        self.links += facts.addresses(root)
        if laid.text.drawing.has_letters():
            self.reasons["drawn_text"] += 1
        return laid.text.page(number, laid.size)

    def laid(self, number: int) -> Laid:
        """One page, for who wants to draw it. SourceError when it is not there or cannot be read."""
        places = [(body, entry) for body in self._bodies for entry in body.pages]
        if not 0 < number <= min(len(places), MAX_PAGES):
            raise self.failures[0] if self.failures else SourceError("ofd_missing_part", f"no page {number}")
        body, entry = places[number - 1]
        name, root = self._package.xml(entry.get("BaseLoc"), body.name)
        return self._laid(body, entry, number, name, root)

    @property
    def package(self) -> Package:
        return self._package

    def _laid(self, body: _Body, entry: etree._Element, number: int, name: str, root: etree._Element) -> Laid:
        size = self._size(body, root, number)
        resources = body.resources
        own = [one.text for one in children(root, "PageRes")]
        if own:
            resources = Resources(body.resources)
            resources.load(self._package, own, name)
        sheets = self._sheets(body, root)
        marks = self._marks(body.annotations.get(entry.get("ID", ""), []))
        text = _printed(PageText(), sheets, marks, resources, size[1])
        turn = text.turn()
        if turn:
            frame, size = turned(turn, size)
            text = _printed(PageText(frame), sheets, marks, resources, size[1])
        named = [(body.name, one) for kind in ("PublicRes", "DocumentRes") for one in listed(body.root, kind)]
        return Laid(
            entry.get("ID", ""), (body.name, body.root), (*named, *((name, one) for one in own)), tuple(sheets),
            tuple(marks), size, text.frame, text, body.entry,
        )  # fmt: skip

    def _marks(self, parts: list[str]) -> list[etree._Element]:
        """What the annotations of a page print."""
        roots = [found[1] for part in parts if (found := self._package.side(f"/{part}", "")) is not None]
        self.links += [link for root in roots for link in facts.addresses(root)]
        return [appearance for root in roots for appearance in facts.appearances(root)]

    def _size(self, body: _Body, root: etree._Element | None, number: int) -> tuple[float, float]:
        """Of the page, else as the document says for all its pages, else A4."""
        boxes = [*(box(text_of(root, path)) for path in _BOXES), *(box(text_of(body.root, path)) for path in _AREA)]
        _, _, width, height = next((one for one in boxes if one is not None), _A4)
        if not (0 < width * MM <= MAX_PAGE_POINTS and 0 < height * MM <= MAX_PAGE_POINTS):
            raise SourceError("page_size", f"page {number}: {width:.0f} x {height:.0f} mm")
        return round(width * MM, 2), round(height * MM, 2)

    def _sheets(self, body: _Body, root: etree._Element) -> list[Sheet]:
        """The templates behind the page, the page, those in front of it. A template names no templates of its own:
        one that does is not followed."""
        behind: list[Sheet] = []
        before: list[Sheet] = []
        for one in children(root, "Template"):
            template = body.templates.get(one.get("TemplateID", ""))
            content = None if template is None else self._template(body, template)
            if template is None or content is None:
                continue
            front = one.get("ZOrder", template.order).strip().lower() == "foreground"
            (before if front else behind).append(Sheet(content, template.pages > 1))
        return [*behind, Sheet(root), *before]

    def _template(self, body: _Body, template: _Template) -> etree._Element | None:
        if not template.is_read:
            template.is_read = True
            try:
                template.root = self._package.xml(template.location, body.name)[1]
            except SourceError as error:
                self._fail(error)
        return template.root
