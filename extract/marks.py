"""Marks of layout that several readers of zones look for."""

from __future__ import annotations

import regex

SENTENCE_END = regex.compile(r"[。；！]")
ANNEX_MARK = regex.compile(r"附(?:件|表|录)(?P<no>[一二三四五六七八九十\d]{0,3})[:：]?")
"""附件1 alone on its line."""
MAX_TITLE_LINES = 6
