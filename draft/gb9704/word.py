"""Small pieces of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from draft.gb9704.measures import CHAR_SPACING, FACES, LINE_TWIPS, TYPE_AREA_MM, Face


def element(name: str, **attributes: str | int) -> Any:
    """`element("w:bottom", val="single", sz=8)`: attributes in the w: namespace."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def dress(run: Run, face: Face, size: float, *, colour: str = "", spacing: int = CHAR_SPACING) -> Run:
    """Typeface for Han and Latin alike, size in points, spacing in twips."""
    properties = run._element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), face.name)
    run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if spacing:
        properties.append(element("w:spacing", val=spacing))
    return run


def shape(
    paragraph: Paragraph, *, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY, line_twips: int = LINE_TWIPS,
    first_chars: float = 0, left_chars: float = 0, right_chars: float = 0, hanging_chars: float = 0, size: float = 16.0,
) -> Paragraph:  # fmt: skip
    """Exact line height, indents in characters of `size` points (Word keeps both characters and twips)."""
    form = paragraph.paragraph_format
    form.alignment = align
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Twips(line_twips)
    form.widow_control = False
    indent = paragraph._element.get_or_add_pPr().get_or_add_ind()
    for name, chars in (
        ("firstLine", first_chars), ("left", left_chars), ("right", right_chars), ("hanging", hanging_chars),
    ):  # fmt: skip
        if chars:
            indent.set(qn(f"w:{name}Chars"), str(round(chars * 100)))
            indent.set(qn(f"w:{name}"), str(round(chars * size * 20)))
    return paragraph


def frame_below(paragraph: Paragraph) -> None:
    """At the foot of the type area, as wide as it; paragraphs in a row share one frame."""
    properties = paragraph._element.get_or_add_pPr()
    made = element("w:framePr", w=round(TYPE_AREA_MM[0] * 1440 / 25.4), hSpace=0, wrap="around", vAnchor="margin",
                   hAnchor="margin", xAlign="center", yAlign="bottom")  # fmt: skip
    properties.insert_element_before(
        made, "w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:snapToGrid",
        "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip


def set_widths(table: Table, millimetres: Sequence[float]) -> None:
    """Of columns and of every cell: Word goes by the cells, LibreOffice by the columns."""
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for box, width in zip(row.cells, millimetres, strict=True):
            box.width = Mm(width)


def rule(paragraph: Paragraph, side: str, *, colour: str, eighths: int, space: int = 0, kind: str = "single") -> None:
    """A rule above or below a paragraph; `eighths` of a point thick, `space` points from the text."""
    properties = paragraph._element.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = element("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
            "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
            "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
            "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle",
            "w:rPr", "w:sectPr", "w:pPrChange",
        )  # fmt: skip
    borders.append(element(f"w:{side}", val=kind, sz=eighths, space=space, color=colour))


def field(run: Run, code: str) -> None:
    """A field that Word fills in: PAGE."""
    for kind in ("begin", "separate", "end"):
        run._element.append(element("w:fldChar", fldCharType=kind))
        if kind == "begin":
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {code} "
            run._element.append(told)
        elif kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._element.append(shown)


def name_instead(word: WordFile) -> None:
    """Tells Word which face to take where one is not installed (w:altName of the font table)."""
    part = next((one for one in word.part.package.iter_parts() if str(one.partname) == "/word/fontTable.xml"), None)
    if part is None:
        return
    told = "".join(
        f'<w:font w:name="{face.name}"><w:altName w:val="{",".join(face.instead)}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for face in FACES
    )
    blob = part.blob.decode("utf-8")
    part._blob = blob.replace("</w:fonts>", f"{told}</w:fonts>").encode("utf-8")
