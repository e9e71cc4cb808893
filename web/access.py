"""Which papers the reader of this request may see: the one place where rights come in (issue 8).

There are no accounts yet, so everybody sees everything. Suggestions, other spellings and similar papers already ask
here, because they would tell of papers that no list of hits shows (reliability.md §2 no. 31)."""

from __future__ import annotations

from index.lexicon import Visible


def visible() -> Visible | None:
    """None: all of them."""
    return None


def owner() -> str:
    """Whose saved searches these are; '' is everybody's."""
    return ""
