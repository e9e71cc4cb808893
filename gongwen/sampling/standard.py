"""The standard set: which manuscript of which year in which form. The same bytes on every run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gongwen.sampling.manuscript import compose, lines_of
from gongwen.sampling.paper import Paper
from gongwen.sampling.world import printed
from gongwen.sampling.writers import markdown, ofd, pdf, plain, sheet, web, word
from gongwen.yamlio import dump, load_file

_HERE = Path(__file__).parent
FORMS = ("txt", "md", "html", "docx", "pdf", "ofd")
"""In which papers come; tables on their own also come as sheets."""
ALL_FORMS = (*FORMS, "xlsx", "csv")

STYLES: dict[str, plain.Style] = {
    "": plain.Style(),
    "gb18030": plain.Style(),
    "bom": plain.Style(),
    "han_date": plain.Style(),
    "close": plain.Style(gaps=False),
    "wrapped": plain.Style(gaps=False, wrap=30),
    "one_line": plain.Style(one_line=True),
    "web": plain.Style(web=True),
    "flat_tables": plain.Style(indent="", tables="flat"),
    "scanned": plain.Style(indent="", digit_gaps=True, pages="bare"),
    "scanned_numbered": plain.Style(indent="", spaced_head=True, digit_gaps=True, pages="numbered"),
}
_CODECS = {"gb18030": "gb18030", "bom": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Entry:
    stem: str
    family: str
    year: int
    form: str
    style: str = ""


def entries() -> list[Entry]:
    rows: list[dict[str, str]] = load_file(_HERE / "standard.yml")
    return [Entry(row["stem"], row["family"], int(row["year"]), row["form"], row.get("style", "")) for row in rows]


@cache
def _family(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = load_file(_HERE / "texts" / f"{name}.yml")
    return loaded


def manuscript(family: str, year: int) -> list[str]:
    """The lines of this year, the enclosed documents of other families behind them."""
    loaded = _family(family)
    text = "\n".join(lines_of(loaded["text"], year))
    lines = printed(text, year, loaded["years"][str(year)]).split("\n")
    for enclosed in loaded.get("with", []):
        lines += ["!part", *manuscript(enclosed, year)]
    return lines


def paper(entry: Entry) -> Paper:
    lines = manuscript(entry.family, entry.year)
    if entry.style == "han_date":
        lines = [f"{line} han" if line.startswith("!date ") else line for line in lines]
    made = compose(lines)
    if entry.form != "html" and entry.style != "web":
        for document in made.documents:
            document["publish_date"] = None  # only a page prints it
    return made


def render(made: Paper, form: str, style: str = "") -> bytes:
    if form == "docx":
        return word.write(made)
    if form == "pdf":
        return pdf.write(made)
    if form == "ofd":
        return ofd.write(made)
    if form == "xlsx":
        return sheet.write(made)
    if form == "csv":
        return sheet.write_csv(made).encode(_CODECS.get(style, "utf-8"))
    if form == "html":
        return (web.old if style == "old" else web.modern)(made).encode()
    if form == "md":
        return markdown.write(made).encode()
    return plain.write(made, STYLES[style]).encode(_CODECS.get(style, "utf-8"))


def write_standard(folder: Path, forms: tuple[str, ...] = ALL_FORMS) -> int:
    """The set with its gold records below `folder`; returns the number of documents files."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [entry for entry in entries() if entry.form in forms]
    for entry in chosen:
        made = paper(entry)
        (folder / f"{entry.stem}.{entry.form}").write_bytes(render(made, entry.form, entry.style))
        (folder / f"{entry.stem}.gold.yaml").write_text(dump(made.gold), encoding="utf-8", newline="\n")
    return len(chosen)
