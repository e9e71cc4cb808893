"""Who may do what: each endpoint needs one right, each role has some. What declares none is refused to everybody.

A view declares by `@needs("read")` below its route, or by a line in `ENDPOINTS`. `scoped=True` says that all it tells
comes from `services()` (or the review desk), which hold only the papers this reader may see; a view that has not said
so is refused to readers whose sight is limited. tests/web/test_rights.py walks the routes and fails on one that has
declared nothing. None of this applies while there are no accounts: then one person sits at this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from flask import Flask, current_app

Right = Literal[
    "open", "signed", "read", "export", "save", "unmask", "upload", "intake", "intake.act", "review", "draft",
    "audit", "rules", "users", "trail",
]  # fmt: skip
"""open: anybody, also who is not signed in; signed: whoever is; audit: ledgers and evidence over the whole corpus."""

ALL: frozenset[str] = frozenset(get_args(Right))
NAMES: dict[str, str] = {
    "read": "检索和阅读", "export": "导出", "save": "保存检索", "unmask": "查看完整号码", "upload": "上传",
    "intake": "查看收文情况", "intake.act": "重试和解锁文件", "review": "复核", "draft": "起草", "audit": "审计查询",
    "rules": "管理规则", "users": "管理用户", "trail": "查看操作记录",
}  # fmt: skip

_BASE = {"open", "signed", "read", "export"}
ROLES: dict[str, frozenset[str]] = {
    "viewer": frozenset(_BASE | {"save"}),
    "editor": frozenset(_BASE | {"save", "unmask", "upload", "intake", "intake.act", "review", "draft", "audit"}),
    "auditor": frozenset(_BASE | {"unmask", "intake", "audit", "trail"}),
    "admin": ALL,
}
"""The auditor reads everything and changes nothing."""

FOR_TOKENS = ("read", "export", "unmask", "upload")
"""What a program may be let do, when its user may."""


@dataclass(frozen=True, slots=True)
class Need:
    right: str
    scoped: bool = False


_SCOPED_READS = (
    "search.home", "search.search", "documents.show", "pictures.picture", "pictures.sheet", "suggest.suggest",
    "similar.page", "numbers.paper", "calendar.calendar", "calendar.feed", "overview.overview", "overview.doubts",
    "series.many", "series.one", "units.units", "units.people", "units.unit", "units.person", "review.acts",
    "api.find", "api.document", "api.list_units", "api.unit", "api.list_people", "api.person", "api.list_series",
    "api.one_series", "api.year",
)  # fmt: skip
ENDPOINTS: dict[str, Need] = {
    **{one: Need("open", scoped=True) for one in ("static", "bootstrap.static", "health.health")},
    **{one: Need("read", scoped=True) for one in (*_SCOPED_READS, "pages.help_page", "api_docs.page",
                                                  "api_docs.openapi", "documents.original", "api.original")},
    **{one: Need("export", scoped=True) for one in ("export.as_csv", "export.as_xlsx")},
    **{one: Need("save", scoped=True) for one in ("saved.listed", "saved.save", "saved.rename", "saved.delete",
                                                  "saved.feed")},
    **{one: Need("upload", scoped=True) for one in ("upload.form", "upload.take", "upload.state", "api.hand_in",
                                                    "api.files")},
    **{one: Need("review", scoped=True) for one in ("review.value", "review.act", "review.undo", "review.name",
                                                    "queue.queue", "queue.alike", "queue.confirm_alike", "queue.log",
                                                    "queue.undo_batch")},
    **{one: Need("intake") for one in ("state.state", "state.original")},
    **{one: Need("intake.act") for one in ("state.retry", "state.unlock")},
    **{one: Need("audit") for one in ("audit.index", "audit.question", "audit.download", "audit_pictures.units",
                                      "audit_pictures.series", "audit_pictures.citations", "audit_pictures.persons")},
    "audit.confirm": Need("review"),
    **{one: Need("draft") for one in ("workshop.many", "workshop.one", "workshop.docx", "workshop.acts",
                                      "workshop.look", "workshop.act", "taking.form", "taking.start", "taking.take",
                                      "checking.form", "checking.check")},
    "metrics.metrics": Need("open", scoped=True),
    **{one: Need("rules") for one in ("rules.rules", "rules.field", "rules.try_out", "rules.job", "rules.stop",
                                      "rules.save", "rules.apply")},
}  # fmt: skip

_View = TypeVar("_View", bound=Callable[..., Any])
_MARK = "gongwen_need"


def needs(right: Right, *, scoped: bool = False) -> Callable[[_View], _View]:
    """Declares what a view needs; stands below the decorator of its route."""
    if right not in ALL:
        raise ValueError(f"no such right: {right}")

    def mark(view: _View) -> _View:
        setattr(view, _MARK, Need(right, scoped))
        return view

    return mark


def need_of(app: Flask, endpoint: str) -> Need | None:
    """None: nothing was declared, so it is refused."""
    found = getattr(app.view_functions.get(endpoint), _MARK, None)
    return found if isinstance(found, Need) else ENDPOINTS.get(endpoint)


def undeclared(app: Flask) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if need_of(app, rule.endpoint) is None})


def endpoint_at(path: str) -> str:
    """The endpoint that answers GET for a path of this site, '' for none."""
    try:
        return str(current_app.url_map.bind("site").match(path, method="GET")[0])
    except Exception:
        return ""
