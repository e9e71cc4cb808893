"""The application factory: one Flask app over the corpus and the index it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_bootstrap import Bootstrap5

from gongwen import VERSION
from gongwen.labels import load_labels
from gongwen.saved import SavedSearches
from gongwen.settings import Settings
from ingest.relations import Relations
from web import forms, security
from web.examples import HINTS
from web.facts import brief, chinese_date, chinese_dates
from web.ports import Aids, Finder, Intake, NoAids, Papers, Services, no_relations
from web.sheets import printable
from web.views import documents, export, health, numbers, pages, search, similar, suggest
from web.views import saved as saved_searches

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
    aids: Aids | None = None,
    saved: SavedSearches | None = None,
    arrivals: Callable[[], Mapping[str, str]] = dict,
    hosts: Sequence[str] | None = LOOPBACK,
) -> Flask:
    """The site. `hosts` are the names it answers to; None answers to any, for an address opened on purpose."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.config.update(
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
    app.jinja_env.filters["xml_text"] = printable
    app.jinja_env.globals.update(version=VERSION, hints=HINTS)
    app.jinja_env.globals["keeps_searches"] = saved is not None
    app.extensions["gongwen"] = Services(
        papers, finder, intake, load_labels(settings), relations, aids or NoAids(), saved, arrivals
    )
    Bootstrap5(app)
    security.install(app)
    forms.install(app)
    comforts = (suggest.bp, similar.bp, export.bp, saved_searches.bp, numbers.bp)
    for blueprint in (search.bp, *comforts, documents.bp, pages.bp, health.bp):
        app.register_blueprint(blueprint)
    return app


def _plain_json(app: Flask) -> DefaultJSONProvider:
    """Chinese as it is, keys in the order of the schema."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii = False
    provider.sort_keys = False
    return provider
