"""Layout check of any DOCX against GB/T 9704-2012: it measures what is in the file. Each item: rule, expected, found,
and pass, warn or unknown (what a file cannot tell: ink, paper, what a missing font becomes)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import regex
from docx import Document
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from draft.gb9704.measures import LINE_TWIPS, MARGINS_MM, PAGE_MM
from gongwen.errors import SettingsError

Verdict = Literal["pass", "warn", "unknown"]
_EMU_A_MM = 36000
_CENTRED = 1
_TITLE_FACES = ("小标宋", "宋")
_BODY_FACES = ("仿宋", "FangSong")
_LEVEL_FACES = {1: ("黑体", "SimHei"), 2: ("楷", "KaiTi")}
_LEVELS = (
    (1, regex.compile(r"\s*[一二三四五六七八九十]{1,3}、")),
    (2, regex.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[）)]")),
)
_HEAD = regex.compile(r"[^。：；]{2,45}(?:[。：]|$)")
"""What can be a heading: a whole line, or what stands before the first stop; a long sentence has only a number."""
_DATE = regex.compile(r"\s*(?:\d{4}|[一二〇○零三四五六七八九]{4})年.{1,5}月.{1,5}日\s*")
_GOOD_DATE = regex.compile(r"\d{4}年(?:[1-9]|1[0-2]|_+)月(?:[1-9]|[12]\d|3[01]|_+)日")
_NUMBER = regex.compile(r"[\p{Han}]{2,20}[〔\[（(【]\d{4}[〕\]）)】]\s*(?:\d+|_+)\s*号")
_GOOD_NUMBER = regex.compile(r"[\p{Han}]{2,20}〔\d{4}〕(?:[1-9]\d*|_+)号")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the report. `rule` names the clause."""

    name: str
    rule: str
    expected: str
    found: str
    verdict: Verdict

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "rule": self.rule, "expected": self.expected, "found": self.found,
                "verdict": self.verdict}  # fmt: skip


def check_layout(path: Path) -> list[Item]:
    """Raises SettingsError when the file is no DOCX that can be opened."""
    try:
        word = Document(str(path))
    except Exception as error:  # python-docx raises what its parts raise
        raise SettingsError(f"打不开这个 Word 文件：{path}") from error
    lines = [one for one in word.paragraphs if one.text.strip()]
    return [*_sheet(word), *_faces(word, lines), *_words(lines), *_footers(word)]


def _sheet(word: WordFile) -> Iterator[Item]:
    section = word.sections[0]
    sizes = tuple(round((one or 0) / _EMU_A_MM, 1) for one in (section.page_width, section.page_height))
    yield _near("纸张", "5.1", "A4，210×297 mm", f"{sizes[0]:g}×{sizes[1]:g} mm",
                all(abs(a - b) <= 1 for a, b in zip(sizes, PAGE_MM, strict=True)))  # fmt: skip
    named = {"top": "天头", "left": "订口", "right": "右边距", "bottom": "下边距"}
    for key, label in named.items():
        found = round((getattr(section, f"{key}_margin") or 0) / _EMU_A_MM, 1)
        yield _near(label, "5.2.1", f"{MARGINS_MM[key]:g}±1 mm", f"{found:g} mm", abs(found - MARGINS_MM[key]) <= 1)
    body = [one for one in word.paragraphs if len(one.text) > 30 and one.alignment != _CENTRED]
    pitches = {_line_twips(one) for one in body} - {None}
    grid = section._sectPr.find(qn("w:docGrid"))
    told = "、".join(f"{one / 20:g} 磅" for one in sorted(int(one) for one in pitches if one)) or "按网格或未设"
    if pitches:
        yield _near("行距", "5.2.3", f"每页22行（固定值约 {LINE_TWIPS / 20:g} 磅）", told,
                    all(abs(int(one) - LINE_TWIPS) <= 20 for one in pitches if one))  # fmt: skip
    else:
        pitch = None if grid is None else grid.get(qn("w:linePitch"))
        verdict: Verdict = "unknown" if pitch is None else "pass" if abs(int(pitch) - LINE_TWIPS) <= 20 else "warn"
        yield Item("行距", "5.2.3", "每页22行", f"网格 {pitch or '未设'}", verdict)


def _faces(word: WordFile, lines: list[Paragraph]) -> Iterator[Item]:
    title = next(
        (
            one
            for one in lines
            if regex.search(r"的(?:通知|函|意见|决定|通报|报告|请示|批复|公告|通告|纪要)$", one.text.strip())
        ),
        None,
    )
    if title is None:
        yield Item("标题", "7.3.1", "二号小标宋，居中", "没有找到标题", "unknown")
    else:
        face, size = _face(word, title)
        yield _known("标题字体", "7.3.1", "小标宋", face, any(one in face for one in _TITLE_FACES))
        yield _known(
            "标题字号", "7.3.1", "二号（22 磅）", f"{size:g} 磅" if size else "", bool(size) and abs(size - 22) < 0.6
        )
        yield _near("标题位置", "7.3.1", "居中", "居中" if title.alignment == 1 else "不居中", title.alignment == 1)
    body = [one for one in lines if len(one.text) > 40 and not one.text.rstrip().endswith("：")]
    body = [one for one in body if one.alignment != _CENTRED]  # titles of annexes
    body = [one for one in body if not any(form.match(one.text) for _, form in _LEVELS)]
    if body:
        faces = {_face(word, one) for one in body[:40]}
        bad = [f"{face or '未声明'} {size:g} 磅" for face, size in faces
               if not any(one in face for one in _BODY_FACES) or abs(size - 16) > 0.6]  # fmt: skip
        yield _near("正文", "5.2.2", "三号仿宋", "、".join(sorted(bad)) or "三号仿宋", not bad)
        flat = [one for one in body if not _first_indent(word, one)]
        yield _near(
            "首行缩进",
            "7.3.3",
            "左空二字",
            f"{len(flat)} 段没有缩进" if flat else "左空二字",
            len(flat) <= len(body) // 10,
        )
    for level, form in _LEVELS:
        heads = [one for one in lines if form.match(one.text) and _HEAD.match(one.text)]
        wrong = [one.text[:10] for one in heads if not any(name in _face(word, one)[0] for name in _LEVEL_FACES[level])]
        if heads:
            names = {1: ("一级标题", "黑体"), 2: ("二级标题", "楷体")}[level]
            yield _near(names[0], "7.3.3", names[1], "、".join(wrong[:3]) or names[1], not wrong)


def _words(lines: list[Paragraph]) -> Iterator[Item]:
    numbers = [match for one in lines[:12] if (match := _NUMBER.search(one.text))]
    if numbers:
        shown = numbers[0].group()
        yield _near("发文字号", "7.2.5", "年份用〔〕，序号不编虚位", shown, _GOOD_NUMBER.fullmatch(shown) is not None)
    else:
        yield Item("发文字号", "7.2.5", "机关代字〔年份〕序号", "没有找到", "unknown")
    dates = [one for one in lines if _DATE.fullmatch(one.text)]
    if dates:
        shown = dates[-1].text.strip()
        yield _near(
            "成文日期", "7.3.5.4", "阿拉伯数字，年份写全，月日不编虚位", shown, _GOOD_DATE.fullmatch(shown) is not None
        )
    notes = [one.text.strip() for one in lines if regex.match(r"\s*附件[：:]", one.text)]
    for shown in notes[:1]:
        yield _near(
            "附件说明",
            "7.3.4",
            "“附件：”后写名称，末尾不加标点",
            shown[:30],
            "：" in shown and shown[-1] not in "。；，",
        )


def _footers(word: WordFile) -> Iterator[Item]:
    section = word.sections[0]
    codes = "".join(one.text or "" for one in section.footer._element.iter(qn("w:instrText")))
    yield _near("页码", "7.5", "每页编页码", "有" if "PAGE" in codes else "没有", "PAGE" in codes)
    double = bool(word.settings.odd_and_even_pages_header_footer)
    yield _near("页码位置", "7.5", "单页居右、双页居左", "单双页不同" if double else "单双页相同", double)


def _face(word: WordFile, paragraph: Paragraph) -> tuple[str, float]:
    """Declared East Asian typeface and points of the first run with words, through styles."""
    run = next((one for one in paragraph.runs if one.text.strip()), None)
    face, size = "", 0.0
    if run is not None:
        fonts = run._element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        face = "" if fonts is None else fonts.get(qn("w:eastAsia")) or ""
        size = run.font.size.pt if run.font.size else 0.0
    style: Any = paragraph.style
    while style is not None and (not face or not size):
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        face = face or ("" if fonts is None else fonts.get(qn("w:eastAsia")) or "")
        size = size or (style.font.size.pt if style.font.size else 0.0)
        style = style.base_style
    return face, size


def _first_indent(word: WordFile, paragraph: Paragraph) -> bool:
    if paragraph.text.startswith(("　　", "    ")):
        return True
    indent = paragraph._element.find(f"{qn('w:pPr')}/{qn('w:ind')}")
    if indent is not None and any(
        int(indent.get(qn(f"w:{name}")) or 0) > 0 for name in ("firstLine", "firstLineChars")
    ):
        return True
    style: Any = paragraph.style
    while style is not None:
        if style.paragraph_format.first_line_indent:
            return True
        style = style.base_style
    return False


def _line_twips(paragraph: Paragraph) -> int | None:
    spacing = paragraph._element.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    if spacing is None or spacing.get(qn("w:lineRule")) != "exact":
        return None
    return int(spacing.get(qn("w:line")) or 0) or None


def _near(name: str, rule: str, expected: str, found: str, fits: bool) -> Item:
    return Item(name, rule, expected, found, "pass" if fits else "warn")


def _known(name: str, rule: str, expected: str, found: str, fits: bool) -> Item:
    return Item(name, rule, expected, found or "未声明", "pass" if fits else "warn" if found else "unknown")
