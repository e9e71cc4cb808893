"""The sheet: type area, page numbers on odd and even pages, landscape pages for wide tables."""

from __future__ import annotations

from docx import Document
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

from draft.gb9704.measures import FANGSONG, FOOTER_MM, LINE_TWIPS, MARGINS_MM, PAGE_MM, SIZES, SONGTI
from draft.gb9704.word import dress, element, field, name_instead, shape


def new_file() -> WordFile:
    """An empty file with the sheet set up. Everything of python-docx's template that shows is taken out."""
    word = Document()
    for paragraph in list(word.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)  # type: ignore[union-attr]
    style = word.styles["Normal"]
    style.font.name, style.font.size = FANGSONG.name, Pt(SIZES["三号"])
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), FANGSONG.name)
    name_instead(word)
    word.settings.odd_and_even_pages_header_footer = True
    upright(word.sections[0])
    number_pages(word.sections[0])
    return word


def upright(section: Section) -> None:
    width, height = PAGE_MM
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["top"]), Mm(MARGINS_MM["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    _grid(section)


def sideways(section: Section) -> None:
    """A4 turned left: the binding edge of odd pages is above the table (GB/T 9704 8)."""
    width, height = PAGE_MM
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(height), Mm(width)
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["bottom"]), Mm(MARGINS_MM["top"])
    _grid(section)


def new_section(word: WordFile, *, landscape: bool) -> Section:
    section: Section = word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    (sideways if landscape else upright)(section)
    return section


def number_pages(section: Section) -> None:
    """— 1 — in 四号 宋体, odd pages right, even pages left, one character in (7.5)."""
    section.footer_distance = Mm(FOOTER_MM)
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):  # fmt: skip
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        inset = {"right_chars": 1.0} if align == WD_ALIGN_PARAGRAPH.RIGHT else {"left_chars": 1.0}
        shape(paragraph, align=align, size=SIZES["四号"], **inset)  # type: ignore[arg-type]
        for text in ("— ", "", " —"):
            run = dress(paragraph.add_run(text), SONGTI, SIZES["四号"], spacing=0)
            if not text:
                field(run, "PAGE")


def _grid(section: Section) -> None:
    old = section._sectPr.find(qn("w:docGrid"))
    if old is not None:
        section._sectPr.remove(old)
    section._sectPr.append(element("w:docGrid", type="lines", linePitch=LINE_TWIPS))
