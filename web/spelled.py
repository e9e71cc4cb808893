"""Other spellings of a search that found (almost) nothing: offered as links, never searched unasked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongwen.errors import GongwenError
from index.engine import Page
from web.access import visible
from web.filters import Asked
from web.ports import services

ALMOST_NOTHING = 2
_FAR_MORE = 10
"""Where a little was found, a spelling is offered that finds so many times as much."""


@dataclass(frozen=True, slots=True)
class Meant:
    text: str
    total: int
    url: str

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "total": self.total, "url": self.url}


def did_you_mean(asked: Asked, page: Page) -> list[Meant]:
    if not asked.text or (page.exact and page.total > ALMOST_NOTHING) or page.approximate:
        return []
    try:
        found = services().aids.corrections(asked.query(), visible())
    except GongwenError:
        return []
    least = page.total * _FAR_MORE if page.exact else 0
    return [Meant(one.text, one.total, asked.url(text=one.text, page=1)) for one in found if one.total > least]
