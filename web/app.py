"""The application factory: one Flask app over the corpus and the index it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_bootstrap import Bootstrap5

from gongwen import VERSION
from gongwen.labels import load_labels
from gongwen.settings import Settings
from ingest.relations import Relations
from web import csrf, security
from web.bench import Bench
from web.desk import Desk
from web.examples import HINTS
from web.facts import brief, chinese_date, chinese_dates
from web.keys import new_key
from web.ports import Finder, Intake, Papers, Services, no_relations
from web.views import documents, health, pages, queue, review, rules, search

LOOPBACK = ("127.0.0.1", "localhost")
"""Names by which this machine calls itself. Another name in a request is a foreign page that asks through a browser
(DNS rebinding) and is refused."""


def create_app(
    settings: Settings,
    *,
    papers: Papers,
    finder: Finder,
    intake: Callable[[], Intake] = Intake,
    relations: Callable[[str], Relations] = no_relations,
    hosts: Sequence[str] | None = LOOPBACK,
    desk: Desk | None = None,
    bench: Bench | None = None,
    key: bytes | None = None,
) -> Flask:
    """The site. `hosts` are the names it answers to; None answers to any, for an address opened on purpose. Without a
    `desk` nobody can review, without a `bench` the rules are not shown. Forms and cookies are signed with `key`,
    without one with a key of this process."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=key or new_key(),
        TRUSTED_HOSTS=None if hosts is None else list(hosts),
        MAX_CONTENT_LENGTH=64 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        OFFICE=settings.office,
        ADDRESS=settings.host,
    )
    app.json = _plain_json(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["chinese_date"] = chinese_date
    app.jinja_env.filters["chinese_dates"] = chinese_dates
    app.jinja_env.filters["brief"] = brief
    app.jinja_env.globals.update(version=VERSION, hints=HINTS)
    app.extensions["gongwen"] = Services(papers, finder, intake, load_labels(settings), relations)
    if desk is not None:
        app.extensions["gongwen.desk"] = desk
    if bench is not None:
        app.extensions["gongwen.bench"] = bench
    app.jinja_env.globals["has_review"] = desk is not None
    Bootstrap5(app)
    security.install(app)
    csrf.install(app)
    for blueprint in (search.bp, documents.bp, review.bp, queue.bp, rules.bp, pages.bp, health.bp):
        app.register_blueprint(blueprint)
    return app


def _plain_json(app: Flask) -> DefaultJSONProvider:
    """Chinese as it is, keys in the order of the schema."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii = False
    provider.sort_keys = False
    return provider
