"""The help."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.examples import EXAMPLES

bp = Blueprint("pages", __name__)


@bp.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("help.html", examples=EXAMPLES)
