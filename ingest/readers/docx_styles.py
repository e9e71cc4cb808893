"""What paragraph and character styles say: numbering, outline level, alignment, bold, size, hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.readers.docx_package import W, is_on, number, value

if TYPE_CHECKING:
    from lxml import etree

_MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Properties as far as they are stated; None: not stated. `outline` counts from 0, 9 is body text."""

    list_id: str | None = None
    list_level: int | None = None
    outline: int | None = None
    align: str | None = None
    bold: bool | None = None
    size: float | None = None
    hidden: bool | None = None

    def over(self, base: Look) -> Look:
        """This look with what it does not state taken from `base`."""
        if self is _NOTHING or self is base:
            return base
        # Written out: it runs several times a run of text, and a loop over the fields took a quarter of all time.
        return Look(
            base.list_id if self.list_id is None else self.list_id,
            base.list_level if self.list_level is None else self.list_level,
            base.outline if self.outline is None else self.outline,
            base.align if self.align is None else self.align,
            base.bold if self.bold is None else self.bold,
            base.size if self.size is None else self.size,
            base.hidden if self.hidden is None else self.hidden,
        )


def paragraph_look(properties: etree._Element | None) -> Look:
    if properties is None:
        return _NOTHING
    listed = properties.find(f"{W}numPr")
    return Look(
        list_id=None if listed is None else value(listed.find(f"{W}numId")),
        list_level=None if listed is None else number(listed.find(f"{W}ilvl")),
        outline=number(properties.find(f"{W}outlineLvl")),
        align=value(properties.find(f"{W}jc")),
    )


def run_look(properties: etree._Element | None) -> Look:
    if properties is None:
        return _NOTHING
    half_points = number(properties.find(f"{W}sz"))
    return Look(
        bold=is_on(properties.find(f"{W}b")),
        size=None if half_points is None else half_points / 2,
        hidden=is_on(properties.find(f"{W}vanish")),
    )


_NOTHING = Look()


class Styles:
    def __init__(self, root: etree._Element | None) -> None:
        self._own: dict[str, Look] = {}
        self._base: dict[str, str] = {}
        self._full: dict[str, Look] = {}
        self._paragraphs: dict[str, Look] = {}
        self.default_paragraph = ""
        self._defaults = _NOTHING
        if root is None:
            return
        self._defaults = run_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for one in root.findall(f"{W}style"):
            name = value(one, "styleId") or ""
            run = run_look(one.find(f"{W}rPr"))
            self._own[name] = run.over(paragraph_look(one.find(f"{W}pPr")))
            self._base[name] = value(one.find(f"{W}basedOn")) or ""
            if value(one, "type") == "paragraph" and value(one, "default") in ("1", "true"):
                self.default_paragraph = name

    def lists(self) -> dict[str, str]:
        """List id by style id, for styles that carry one."""
        return {name: look.list_id for name, look in self._own.items() if look.list_id is not None}

    def paragraph(self, name: str | None) -> Look:
        """A paragraph style with all it is based on, over the document's defaults."""
        style = name or self.default_paragraph
        if style not in self._paragraphs:
            self._paragraphs[style] = self.look(style).over(self._defaults)
        return self._paragraphs[style]

    def look(self, name: str) -> Look:
        if name not in self._full:
            look, at = _NOTHING, name
            for _ in range(_MAX_CHAIN):
                if at not in self._own:
                    break
                look = look.over(self._own[at])
                at = self._base[at]
            self._full[name] = look
        return self._full[name]

    def carrier(self, name: str | None) -> str | None:
        """The style in the chain that states the list: levels are tied to that one."""
        at = name or self.default_paragraph
        for _ in range(_MAX_CHAIN):
            if at not in self._own:
                return None
            if self._own[at].list_id is not None:
                return at
            at = self._base[at]
        return None
