"""How papers are spoken of in Chinese: titles in book marks, lists of names, days."""

from __future__ import annotations

from collections.abc import Sequence


def in_book_marks(title: str) -> str:
    """《title》; book marks inside alternate with their depth, 《〈《…》〉》 (GB/T 15834). Marks that do not pair up
    stay as they are printed."""
    out: list[str] = []
    depth = 1
    for char in title:
        if char in "《〈":
            out.append("〈" if depth % 2 else "《")
            depth += 1
        elif char in "》〉":
            depth -= 1
            out.append("〉" if depth % 2 else "》")
        else:
            out.append(char)
        if depth < 1:
            break
    return f"《{''.join(out)}》" if depth == 1 else f"《{title}》"


def brief(names: Sequence[str], most: int = 3) -> str:
    """Names in one line: joint papers have dozens of issuers."""
    shown = "、".join(names[:most])
    return f"{shown}等{len(names)}个单位" if len(names) > most else shown


def chinese_date(iso: str) -> str:
    """2024-05-08 as 2024年5月8日, 2024-05 as 2024年5月; anything else as it stands."""
    parts = iso.split("-")
    if not (1 <= len(parts) <= 3 and all(part.isdecimal() for part in parts) and len(parts[0]) == 4):
        return iso
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))
