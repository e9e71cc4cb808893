"""Which papers the reader of this request may see, and whose saved searches these are.

What a reader may not see is not in the services they are given (gongwen.cli.sights), so suggestions, other spellings
and similar papers need no filter of their own; they still ask here, and would heed one."""

from __future__ import annotations

from index.lexicon import Visible
from web.signed import signed


def visible() -> Visible | None:
    """None: all that the services hold."""
    return None


def owner() -> str:
    """'' is everybody's, while there are no accounts."""
    who = signed()
    return who.user.name if who is not None else ""
