"""What a government web page is made of: the article, its metadata, and everything to leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import regex

from ingest.layout.labels import KEYS
from ingest.readers.html_flow import DROPPED_TAGS, Table, is_hidden, tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

META_NAMES: tuple[str, ...] = (
    "SiteName", "ColumnName", "ArticleTitle", "PubDate", "ContentSource", "Source", "Author", "Keywords", "Url",
)  # fmt: skip
"""Names of `<meta>` that the page standard of government sites asks for and that say something of the document."""

_KNOWN: tuple[regex.Pattern[str], ...] = tuple(regex.compile(rf"(?i)(?:{shape})") for shape in (
    r"ucap-?content",
    r"trs_editor|trs_ueditor|trs_paper_preview|trs_preappend",
    r"zoom|zoomcon",
    r"vsb_content\S*|v_news_content",
    r"pages?_content|p_content|pages-content",
    r"art(?:icle|ical)[_-]?(?:content|con|body|text)|art_?con\S*",
    r"detail[_-]?(?:content|con|text)|news[_-]?(?:content|con|text|body)|(?:xxgk|info|gk|bt)[_-]?content"
    r"|content[_-]?(?:main|text|body|info)|main[_-]?(?:text|content)|text[_-]?con(?:tent)?|con_text|wz_?con|xl_con|view",
    r"article|content|main|neirong|nr",
))  # fmt: skip
"""Ids and classes of containers of articles, the surest first."""

_ENOUGH = 60
"""Characters an article has at least; a container with less is something else by the same name."""

_FURNITURE = regex.compile(
    r"(?i)(?:^|[\s_-])(?:(?:bread)?crumbs?|footer|foot|ads?|wza|memo|menu\S*|nav(?:bar|li|igation)?)(?:$|[\s_-])"
    r"|side-?bar|copyright|bei-?an|share|toolbar|print|qr_?code|qr_container|related|recommend|comment|login|search"
    r"|banner|back-?top|quick-?bar|go-?top|hot-?word|font-?size|jiucuo|headbar|top_?bar|prev-?next|pager|pagination"
    r"|ewm|xiangguan|dqwz|wzdh|advert|mainnav"
)
_ATTACHED = regex.compile(r"(?i)\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|dps|zip|rar|7z|rtf|txt|csv|tiff?)(?:[?#].*)?$")


_HOLDERS = frozenset({"div", "td", "article", "section", "main", "body", "ucapcontent", "li", "dd"})


def main_content(root: _Element) -> _Element:
    """The element that holds the article: a known container with enough text, else the densest one."""
    named = list(_named(root))
    prose = _prose(root) if named else {}
    for pattern in _KNOWN if named else ():
        found = [element for element, names in named if any(pattern.fullmatch(name) for name in names)]
        best = max(found, key=lambda element: prose.get(element, 0), default=None)
        if best is not None and prose.get(best, 0) >= _ENOUGH:
            return best
    return _densest(root)


def _named(root: _Element) -> Iterator[tuple[_Element, list[str]]]:
    for element in (*root.iter("ucapcontent", "article", "main"), *_with_names(root)):
        tag = tag_of(element)
        if not tag or tag in DROPPED_TAGS or tag in ("html", "body", "a", "span", "img"):
            continue
        names = [*(element.get("id") or "").split(), *(element.get("class") or "").split()]
        if tag in ("ucapcontent", "article", "main"):
            names.append(tag)
        if names:
            yield element, names


def _densest(root: _Element) -> _Element:
    """Each text gives its length (links count against it) to its block and half of it to the one above."""
    points: dict[_Element, float] = {}
    for element in root.iter():
        tag = tag_of(element)
        if not tag or tag in DROPPED_TAGS or tag == "a":
            continue
        own = element.text or ""
        if len(element):
            own += "".join(child.tail or "" for child in element)
        worth = len(own.strip()) + 10 * sum(own.count(mark) for mark in "，。；：、")
        if worth <= 1:
            continue
        holder = _holder(element)
        points[holder] = points.get(holder, 0) + worth
        above = holder.getparent()
        if above is not None:
            points[above] = points.get(above, 0) + worth / 2
    return max(points, key=lambda element: points[element], default=root)


def _holder(element: _Element) -> _Element:
    """The container a text counts for: the nearest block above a paragraph."""
    here: _Element | None = element
    while here is not None and tag_of(here) not in _HOLDERS:
        here = here.getparent()
    return element if here is None else here


def _prose(root: _Element) -> dict[_Element, int]:
    """Characters outside links and scripts that each element holds, in one pass."""
    from lxml import etree

    counts: dict[_Element, int] = {}
    open_ = [0]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, one in walker:
        if event == "start":
            passed = tag_of(one) in DROPPED_TAGS or tag_of(one) in ("a", "")
            if passed:
                walker.skip_subtree()
            open_.append(0 if passed else len((one.text or "").strip()))
            continue
        counts[one] = open_.pop()
        open_[-1] += counts[one] + len((one.tail or "").strip())
    return counts


def drop_furniture(root: _Element, keep: _Element) -> None:
    """Take navigation, buttons and footers out of the tree; what holds `keep` stays."""
    held = {keep, *keep.iterancestors()}
    for element in [*root.iter(*DROPPED_TAGS, "footer"), *_with_names(root)]:
        tag = tag_of(element)
        if element in held or tag in ("body", "head"):
            continue
        names = f"{element.get('id') or ''} {element.get('class') or ''}".strip()
        if tag in DROPPED_TAGS or tag == "footer" or is_hidden(element) or (names and _FURNITURE.search(names)):
            _remove(element)


def _with_names(root: _Element) -> list[_Element]:
    """Elements that say what they are; asked of libxml2, which passes over the others without a Python object."""
    from lxml import etree

    found = root.xpath("//*[@id or @class or @style or @hidden]")
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


def _remove(element: _Element) -> None:
    """Out of the tree, with its tail left where it stood."""
    above = element.getparent()
    if above is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if tail:
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            above.text = (above.text or "") + tail
    element.tail = None
    above.remove(element)


def meta_tags(root: _Element) -> list[tuple[str, str]]:
    """Name and content of the `<meta>` tags that tell of the document, in the order of META_NAMES."""
    found: dict[str, str] = {}
    known = {name.lower(): name for name in META_NAMES}
    for element in root.iter("meta"):
        name = known.get((element.get("name") or "").strip().lower())
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return [(name, found[name]) for name in META_NAMES if name in found]


def table_pairs(table: Table) -> list[tuple[str, str, str]]:
    """(key, label as printed, value) of a metadata table: label cells of known names, each with its value on the
    right; [] when it is an ordinary table."""
    pairs: list[tuple[str, str, str]] = _whole_pairs(table)
    if pairs:
        return pairs
    for cell, after in zip(table.cells, [*table.cells[1:], None], strict=True):
        key = regex.sub(r"[\s：:\[\]【】]+", "", cell.text)
        if key not in KEYS:
            continue
        value = after.text if after is not None and after.row == cell.row else ""
        if regex.sub(r"[\s：:\[\]【】]+", "", value) in KEYS:
            if value.strip()[-1:] not in "：:":
                return []  # a header row of an ordinary table: 标题 | 发布日期
            value = ""
        pairs.append((key, cell.text.strip(), value.strip()))
    return pairs if len({key for key, _, _ in pairs}) >= 2 or (pairs and len(table.cells) <= 4) else []


def _whole_pairs(table: Table) -> list[tuple[str, str, str]]:
    """Cells that each hold label and value (`文号：云政办〔2022〕3号`), when most filled cells do; a label alone in its
    cell has its value in the next one."""
    filled = [cell for cell in table.cells if cell.text.strip()]
    pairs: list[tuple[str, str, str]] = []
    waiting = ""
    strange = 0
    for cell in filled:
        label, colon, value = regex.sub("：", ":", cell.text, count=1).partition(":")
        key = regex.sub(r"[\s\[\]【】]+", "", label)
        if colon and key in KEYS:
            if value.strip():
                pairs.append((key, f"{label.strip()}：", value.strip()))
            waiting = "" if value.strip() else key
        elif waiting:
            pairs.append((waiting, f"{waiting}：", cell.text.strip()))
            waiting = ""
        else:
            strange += 1
    whole = sum(1 for cell in filled if regex.search(r"[：:]\s*\S", cell.text))
    return pairs if whole >= 2 and len(pairs) >= 2 and strange <= len(filled) // 4 else []


def links(root: _Element, main: _Element) -> list[tuple[str, str]]:
    """(text, target) of every link in the article and of every attachment on the page."""
    inside = set(main.iter())
    out: list[tuple[str, str]] = []
    for element in root.iter("a"):
        target = (element.get("href") or "").strip()
        if not target or target.startswith(("#", "javascript:", "data:")):
            continue
        text = " ".join("".join(str(one) for one in element.itertext()).split()) or (element.get("title") or "").strip()
        if element in inside or _ATTACHED.search(target):
            out.append((text, target))
    return list(dict.fromkeys([*out, *frames(root)]))


def frames(root: _Element) -> list[tuple[str, str]]:
    """Pages shown inside this one: (name or title, address)."""
    out: list[tuple[str, str]] = []
    for element in root.iter("frame", "iframe"):
        target = (element.get("src") or "").strip()
        if target and not target.lower().startswith(("about:", "javascript:", "data:")):
            out.append(((element.get("title") or element.get("name") or "框架").strip(), target))
    return out


def is_title(text: str, known: Sequence[str]) -> bool:
    """The same words as one of the titles the page declares."""
    closed = regex.sub(r"\s+", "", text)
    return any(closed == one or (len(closed) >= 10 and one.startswith(closed)) for one in known)


_DOCUMENT = regex.compile(r"(?i)<html[\s>]|\A\s*<!doctype\s+html")
_CLOSED = regex.compile(r"(?i)</(?:body|html)\b")
_PAIRED = tuple(
    (regex.compile(rf"(?i)<{name}[\s>]"), regex.compile(rf"(?i)</{name}\b"))
    for name in ("div", "table", "td", "article", "section")
)
_WITHIN_TAG = regex.compile(r"<[a-zA-Z/][^<>]*\Z")


def is_cut_off(text: str) -> bool:
    """Whether a whole page ends before its end: nothing closes it, and something stays open that pages do close. Of
    4,003 pages of programs' manuals none was; of their first parts nine in ten were."""
    if not _DOCUMENT.search(text) or _CLOSED.search(text):
        return False
    if _WITHIN_TAG.search(text, max(0, len(text) - 1000)):
        return True
    return any(len(opened.findall(text)) > len(closed.findall(text)) for opened, closed in _PAIRED)
