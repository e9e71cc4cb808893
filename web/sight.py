"""Which papers a reader may see. Nobody is limited until rules of access are set (gongwen.cli.sights)."""

from __future__ import annotations

from typing import cast

from flask import current_app

from gongwen.accounts.users import User
from web.ports import Audiences


def audiences() -> Audiences | None:
    return cast("Audiences | None", current_app.extensions.get("gongwen.audiences"))


def is_limited(user: User) -> bool:
    held = audiences()
    return held is not None and held.is_limited(user)
