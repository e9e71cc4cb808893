"""Measures of GB/T 9704-2012 in the units of Word, clauses beside them. A character is a Han width of 三号."""

from __future__ import annotations

from dataclasses import dataclass

PAGE_MM = (210.0, 297.0)
"""A4 (5.1)."""
TYPE_AREA_MM = (156.0, 225.0)
"""版心 (5.2.1)."""
MARGINS_MM = {"top": 37.0, "left": 28.0, "right": 26.0, "bottom": 35.0}
"""天头 37±1, 订口 28±1 (5.2.1); right and bottom follow from the type area."""
LINES, CHARS = 22, 28
"""Lines a page and characters a line, normally (5.2.3)."""
LINE_TWIPS = 579
"""Exact line height that fills the type area with 22 lines: 225 mm / 22."""
CHAR_SPACING = -4
"""Twips added to each character so that 28 of 16 pt fill 156 mm."""
MARK_TOP_MM = 35.0
"""发文机关标志: upper edge below the type area's (7.2.4)."""
LETTER_MARK_TOP_MM = 30.0
"""信函: upper edge of the mark below the paper's (10.1)."""
LETTER_RULE_MM = 170.0
"""信函: width of the double rules (10.1)."""
LETTER_RULE_BOTTOM_MM = 20.0
"""信函: the second double rule above the paper's lower edge (10.1)."""
RULE_GAP_MM = 4.0
"""Between the number and the red rule (7.2.7)."""
FOOTER_MM = 23.0
"""Page number: dash 7 mm below the type area (7.5)."""
RED = "FF0000"

SIZES = {"二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5}
"""Points."""


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface as Word files declare it; `instead` in order where it is not installed."""

    name: str
    instead: tuple[str, ...]


FANGSONG = Face("仿宋_GB2312", ("仿宋", "FangSong", "Noto Serif CJK SC"))
KAITI = Face("楷体_GB2312", ("楷体", "KaiTi", "Noto Serif CJK SC"))
HEITI = Face("黑体", ("SimHei", "Noto Sans CJK SC"))
XIAOBIAOSONG = Face("方正小标宋简体", ("小标宋", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC"))
SONGTI = Face("宋体", ("SimSun", "Noto Serif CJK SC"))
FACES = (FANGSONG, KAITI, HEITI, XIAOBIAOSONG, SONGTI)

LEVELS = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}
"""一、 黑体, （一） 楷体, 1. and （1） 仿宋, all 三号 (7.3.3)."""
