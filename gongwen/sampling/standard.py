"""The standard set: which manuscript of which year in which form. The same bytes on every run.

Files that a plain installation cannot make (LibreOffice, fonts, writers of old formats) lie in corpus/sample and are
copied from there; `python -m tests.sampling.make_kept` made them of the same manuscripts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gongwen.errors import StoreError
from gongwen.sampling.manuscript import compose, lines_of
from gongwen.sampling.paper import Paper
from gongwen.sampling.world import printed
from gongwen.sampling.writers import carrier, markdown, ofd, pdf, plain, sheet, web, word
from gongwen.settings import ROOT
from gongwen.yamlio import dump, load_file

_HERE = Path(__file__).parent
_KEPT_IN = ROOT / "corpus" / "sample"
FORMS = ("txt", "md", "html", "docx", "pdf", "ofd")
"""In which papers come; tables on their own also come as sheets."""
CARRIERS = ("eml", "zip")
"""Made here of the files that lie in them."""
KEPT = ("doc", "wps", "rtf", "odt", "xls", "et", "pptx", "msg", "jpg", "png", "tif")
"""Copied. So is a PDF of pictures."""
SCANS = frozenset({"scan", "photo", "screen", "fax"})
"""Styles of papers that are pictures."""
ALL_FORMS = (*FORMS, "xlsx", "csv", "mht", *CARRIERS, *KEPT)

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
_ADDRESS = "https://www.yunzhou.example/zwgk/tzgg/202604/t0018.html"
_CODECS = {"gb18030": "gb18030", "bom": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Entry:
    stem: str
    family: str
    year: int
    form: str
    style: str = ""
    members: tuple[Entry, ...] = ()
    """Of a mail or an archive: what lies in it, the stem being its path there."""

    @property
    def name(self) -> str:
        return f"{self.stem}.{self.form}"

    @property
    def is_kept(self) -> bool:
        return self.form in KEPT or self.style in SCANS


def entries() -> list[Entry]:
    rows: list[dict[str, Any]] = load_file(_HERE / "standard.yml")
    return [_entry(row) for row in rows]


def _entry(row: dict[str, Any]) -> Entry:
    members = tuple(_entry(one) for one in row.get("members", []))
    return Entry(row["stem"], row["family"], int(row["year"]), row["form"], row.get("style", ""), members)


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
    if entry.form not in {"html", "mht"} and entry.style != "web":
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
    if form == "mht":
        return carrier.web_archive(web.modern(made), _ADDRESS)
    if form == "md":
        return markdown.write(made).encode()
    return plain.write(made, STYLES[style]).encode(_CODECS.get(style, "utf-8"))


def content(entry: Entry) -> bytes:
    """The file: written here, or the kept one."""
    if entry.is_kept:
        return _kept(_KEPT_IN / entry.name)
    files = [(one.name, content(one)) for one in entry.members]
    if entry.form == "zip":
        return carrier.archive(files)
    made = paper(entry)
    if entry.form == "eml":
        return carrier.mail(made.meta, plain.write(made, STYLES["close"]), files)
    return render(made, entry.form, entry.style)


def _kept(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"缺少样例文件 {path}：请重新取得完整的程序文件夹") from error


def gold(entry: Entry) -> dict[str, Any]:
    """The record; those of the files in a mail or an archive stand under `members`, each with its path."""
    record = paper(entry).gold
    if entry.members:
        record["members"] = [{"name": one.name, **gold(one)} for one in entry.members]
    return record


def write_standard(folder: Path, forms: tuple[str, ...] = ALL_FORMS) -> int:
    """The set with its gold records below `folder`; returns the number of files with papers."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [entry for entry in entries() if entry.form in forms]
    for entry in chosen:
        (folder / entry.name).write_bytes(content(entry))
        (folder / f"{entry.stem}.gold.yaml").write_text(dump(gold(entry)), encoding="utf-8", newline="\n")
    return len(chosen)
