"""OpenAPI as JSON, and as a page that people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3.openapi import OpenAPI

bp = Blueprint("api_docs", __name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the page 接口说明."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, bool], ...]


@bp.get("/api/openapi.json")
def openapi() -> ResponseReturnValue:
    return cast(dict[str, Any], cast(OpenAPI, current_app).api_doc)


@bp.get("/api")
def page() -> ResponseReturnValue:
    return render_template("api.html", groups=_groups(cast(OpenAPI, current_app).api_doc))


def _groups(spec: dict[str, Any]) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, methods in spec["paths"].items():
        for method, one in methods.items():
            given = tuple(
                (each["name"], each.get("description") or each.get("schema", {}).get("description", ""),
                 bool(each.get("required")))
                for each in one.get("parameters", [])
            )  # fmt: skip
            operation = Operation(method.upper(), path, one.get("summary", ""), one.get("description", ""), given)
            groups.setdefault(one["tags"][0], []).append(operation)
    return groups
