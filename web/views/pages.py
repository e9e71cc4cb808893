"""The page on what was taken in and what was not, and the help."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gongwen.errors import REASONS
from web.examples import EXAMPLES
from web.ports import Failure, services
from web.security import wants_json
from web.views.documents import plain_name

bp = Blueprint("pages", __name__)

UNKNOWN = ("未读成", "请联系管理员")


@bp.get("/state")
def state() -> ResponseReturnValue:
    intake = services().intake()
    failures = [_row(one) for one in intake.failures]
    counts = [{"name": name, "count": count} for name, count in intake.counts]
    if wants_json():
        return {"counts": counts, "failures": failures, "checked": intake.checked,
                "alarms": list(intake.alarms)}  # fmt: skip
    return render_template(
        "state.html", counts=counts, failures=failures, checked=intake.checked, alarms=intake.alarms
    )


@bp.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("help.html", examples=EXAMPLES)


def _row(one: Failure) -> dict[str, Any]:
    what, action = REASONS.get(one.code, UNKNOWN)
    return {"name": plain_name(one.name), "sha256": one.sha256, "code": one.code, "reason": what, "action": action,
            "partly": one.partly, "at": one.at}  # fmt: skip
