"""The desk of review: what the site needs to let people judge values. Given to `create_app`; a site without one shows
papers and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, cast

from flask import abort, current_app

from gongwen.rulebook import Rulebook
from gongwen.store import Store
from index.doubt_store import Doubts
from web.signed import signed


class Follow(Protocol):
    """index.following.Following is one."""

    is_catching_up: bool

    def tell(self, shas: Iterable[str], /, *, patience: float = 1.0) -> bool: ...


class Nobody:
    """For a site without an index: what is asked for next is derived at the next start."""

    is_catching_up = False

    def __init__(self, doubts: Doubts) -> None:
        self._doubts = doubts

    def tell(self, shas: Iterable[str], /, *, patience: float = 1.0) -> bool:
        self._doubts.refresh(shas)
        return True


@dataclass
class ReviewDesk:
    """`follow` brings search and the queue up to an act; `load_rules` gives the rules that say what a field may
    hold."""

    store: Store
    doubts: Doubts
    follow: Follow
    load_rules: Callable[[], Rulebook]

    @cached_property
    def rules(self) -> Rulebook:
        return self.load_rules()


def has_review() -> bool:
    return "gongwen.review_desk" in current_app.extensions


def review_desk() -> ReviewDesk:
    """The desk of the running app, over the papers this reader may see; 404 where there is none."""
    if not has_review():
        abort(404)
    whole = cast(ReviewDesk, current_app.extensions["gongwen.review_desk"])
    held, who = current_app.extensions.get("gongwen.audiences"), signed()
    if held is None or who is None or not held.is_limited(who.user):
        return whole
    return cast(ReviewDesk, held.desk(who.user, whole))
