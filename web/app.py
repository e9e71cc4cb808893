"""The application factory: one Flask app over the corpus and the index it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask import Flask, Request, Response, current_app, make_response
from flask.json.provider import DefaultJSONProvider
from flask_bootstrap import Bootstrap5
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from audit.desk import Desk as AuditDesk
from draft.check.file import Checker
from gongwen import VERSION
from gongwen.accounts.accounts import Accounts
from gongwen.labels import load_labels
from gongwen.saved import SavedSearches
from gongwen.settings import Settings
from gongwen.trail import Trail
from index.catalogue.catalogue import Catalogue
from ingest.gauges import Gauges
from ingest.journal import Arrival
from ingest.relations import Relations
from web import browsing, csrf, guard, limits, mail_masking, meter, packing, security, trailed
from web.api import catalogue_routes, docs, routes
from web.api.models import Error
from web.bench import Bench
from web.editions import Linked, Unlinked
from web.examples import HINTS
from web.facts import brief, chinese_date, chinese_dates
from web.keys import new_key
from web.meter import Meter
from web.ports import (
    Aids,
    Audiences,
    Desk,
    Finder,
    Inlet,
    Intakes,
    NoAids,
    Papers,
    Pictures,
    Provider,
    Services,
    no_arrivals,
    no_intake,
    no_relations,
)
from web.review_desk import ReviewDesk
from web.sheets import printable
from web.views import (
    account,
    audit,
    audit_pictures,
    calendar,
    checking,
    documents,
    export,
    health,
    metrics,
    numbers,
    overview,
    pages,
    queue,
    rules,
    search,
    series,
    signin,
    similar,
    state,
    suggest,
    taking,
    units,
    upload,
    users,
    workshop,
)
from web.views import pictures as picture_views
from web.views import review as review_views
from web.views import saved as saved_searches
from web.views import trail as trail_views
from web.workshop import EXTENSION as WORKSHOP
from web.workshop import Workshop

LOOPBACK = ("127.0.0.1", "localhost")
"""Names by which this machine calls itself. Another name in a request is a foreign page that asks through a browser
(DNS rebinding) and is refused."""

FORM_BYTES = 64 << 10
"""The body of any request but an upload."""


UPLOADS = frozenset({"/upload", "/check", f"{routes.PREFIX}/files"})


class SiteRequest(Request):
    """Only an upload may be large, whoever reads its body first."""

    @property
    def max_content_length(self) -> int | None:
        if self.path in UPLOADS:
            return int(current_app.config["UPLOAD_BYTES"])
        return FORM_BYTES

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise AttributeError("limits are set by path")


def create_app(
    settings: Settings,
    *,
    papers: Papers,
    finder: Finder,
    intake: Intakes = no_intake,
    relations: Callable[[str], Relations] = no_relations,
    inlet: Inlet | None = None,
    token: Callable[[str], str | None] | None = None,
    pictures: Pictures | None = None,
    linked: Linked | None = None,
    catalogue: Catalogue | None = None,
    arrivals: Callable[[int], list[Arrival]] = no_arrivals,
    today: Callable[[], date] = date.today,
    desk: Desk | None = None,
    aids: Aids | None = None,
    saved: SavedSearches | None = None,
    came: Callable[[], Mapping[str, str]] = dict,
    hosts: Sequence[str] | None = LOOPBACK,
    review: ReviewDesk | None = None,
    bench: Bench | None = None,
    drafting: Workshop | None = None,
    checker: Checker | None = None,
    key: bytes | None = None,
    gauges: Callable[[], Gauges] | None = None,
    accounts: Accounts | None = None,
    trail: Trail | None = None,
    audiences: Audiences | None = None,
    provider: Provider | None = None,
    auditor: Callable[[], AuditDesk] | None = None,
) -> Flask:
    """The site; without a catalogue there is nothing to browse. `hosts` are the names it answers to; None answers to
    any, for an address opened on purpose, and has the API ask for a token. Without a `review` desk nobody can judge
    values, without a `bench` the rules are not shown, without `drafting` nothing is drafted, without a `checker`
    nothing is checked, without an `auditor` there are no pages of the audit, without `gauges` there is no /metrics.
    Forms and cookies are signed with `key`, without one with a key of this process. Without `accounts`, or while nobody
    has made a user, one person sits at this machine and may do everything. `trail` notes who did what; `audiences`
    limit who sees which papers; `provider` signs people in."""
    app = OpenAPI(
        __name__, template_folder="templates", static_folder="static", doc_ui=False,
        info=Info(title=f"{settings.office}接口", version=VERSION, description="公文检索、字段与依据、交入文件"),
        security_schemes={"token": {"type": "http", "scheme": "bearer", "description": "管理员发给的接口令牌"}},
        validation_error_model=Error, validation_error_callback=_wrong_parameters,
    )  # fmt: skip
    app.request_class = SiteRequest
    app.config.update(
        SECRET_KEY=key or new_key(),
        TRUSTED_HOSTS=None if hosts is None else list(hosts),
        UPLOAD_BYTES=(settings.max_file_mb + 1) << 20,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        OFFICE=settings.office,
        API_NEEDS_TOKEN=hosts is None,
        ADDRESS=settings.host,
        SECOND_FACTOR=settings.second_factor,
        SESSION_COOKIE_NAME="gongwen_flow",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.proxies > 0,
    )
    app.json = _plain_json(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["chinese_date"] = chinese_date
    app.jinja_env.filters["chinese_dates"] = chinese_dates
    app.jinja_env.filters["brief"] = brief
    app.jinja_env.filters["xml_text"] = printable
    app.jinja_env.globals["keeps_searches"] = saved is not None
    app.jinja_env.globals.update(version=VERSION, hints=HINTS, takes_files=inlet is not None)
    app.extensions["gongwen"] = Services(
        papers, finder, intake, load_labels(settings),
        relations=relations,
        inlet=inlet,
        max_file_mb=settings.max_file_mb,
        token=token,
        pictures=pictures,
        linked=linked or Unlinked(),
        catalogue=catalogue,
        arrivals=arrivals,
        today=today,
        desk=desk,
        aids=aids or NoAids(),
        saved=saved,
        came=came,
    )  # fmt: skip
    if review is not None:
        app.extensions["gongwen.review_desk"] = review
    if drafting is not None:
        app.extensions[WORKSHOP] = drafting
    if checker is not None:
        app.extensions[checking.EXTENSION] = checker
    app.jinja_env.globals["has_check"] = checker is not None
    app.jinja_env.globals["has_workshop"] = drafting is not None
    if bench is not None:
        app.extensions["gongwen.bench"] = bench
    app.jinja_env.globals["has_review"] = review is not None
    for name, held in (("accounts", accounts), ("trail", trail), ("audiences", audiences), ("provider", provider)):
        app.extensions[f"gongwen.{name}"] = held
    browsing.install_filters(app.jinja_env)
    Bootstrap5(app)
    packing.install(app)  # first here is last to see an answer
    if gauges is not None:
        app.extensions["gongwen.gauges"] = gauges
        app.extensions["gongwen.meter"] = Meter()
        meter.install(app, app.extensions["gongwen.meter"])
    security.install(app)
    mail_masking.install(app, settings)
    limits.install_before(app, settings.limits)
    guard.install(app)
    limits.install_behind(app)
    csrf.install(app)
    trailed.install(app)
    browsed = (units.bp, series.bp, calendar.bp, overview.bp) if catalogue is not None else ()
    app.jinja_env.globals["can_browse"] = bool(browsed)
    audited = (audit_pictures.bp, audit.bp) if browsed and auditor is not None else ()
    app.extensions[audit.EXTENSION] = auditor
    app.jinja_env.globals["has_audit"] = bool(audited)
    for blueprint in (
        search.bp,
        documents.bp,
        picture_views.bp,
        pages.bp,
        upload.bp,
        health.bp,
        docs.bp,
        state.bp,
        review_views.bp,
        queue.bp,
        rules.bp,
        suggest.bp,
        similar.bp,
        export.bp,
        saved_searches.bp,
        numbers.bp,
        signin.bp,
        account.bp,
        users.bp,
        trail_views.bp,
        workshop.bp,
        taking.bp,
        checking.bp,
        *browsed,
        *((metrics.bp,) if gauges is not None else ()),
        *audited,
    ):
        app.register_blueprint(blueprint)
    app.register_api(catalogue_routes.api)  # the routes of both modules
    return app


def _wrong_parameters(error: ValidationError) -> Response:
    """Which parameters of an API request are wrong; never what was sent."""
    named = "、".join(dict.fromkeys(".".join(str(one) for one in each["loc"]) for each in error.errors()))
    what, action = security.SENTENCES[422]
    response = make_response({"error": f"{what}：{named[:200]}", "action": action, "code": 422})
    response.status_code = 422
    return response


def _plain_json(app: Flask) -> DefaultJSONProvider:
    """Chinese as it is, keys in the order of the schema."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii = False
    provider.sort_keys = False
    return provider
