"""The application factory: one Flask app over the corpus and the index it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Request, current_app
from flask.json.provider import DefaultJSONProvider
from flask_bootstrap import Bootstrap5

from gongwen import VERSION
from gongwen.labels import load_labels
from gongwen.settings import Settings
from ingest.relations import Relations
from web import security
from web.examples import HINTS
from web.facts import brief, chinese_date, chinese_dates
from web.ports import Finder, Inlet, Intake, Papers, Services, no_relations
from web.views import documents, health, pages, search, upload

LOOPBACK = ("127.0.0.1", "localhost")
"""Names by which this machine calls itself. Another name in a request is a foreign page that asks through a browser
(DNS rebinding) and is refused."""

FORM_BYTES = 64 << 10
"""The body of any request but an upload."""


class SiteRequest(Request):
    """Only an upload may be large, whoever reads its body first."""

    @property
    def max_content_length(self) -> int | None:
        if self.path == "/upload":
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
    intake: Callable[[], Intake] = Intake,
    relations: Callable[[str], Relations] = no_relations,
    inlet: Inlet | None = None,
    hosts: Sequence[str] | None = LOOPBACK,
) -> Flask:
    """The site. `hosts` are the names it answers to; None answers to any, for an address opened on purpose."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.request_class = SiteRequest
    app.config.update(
        TRUSTED_HOSTS=None if hosts is None else list(hosts),
        UPLOAD_BYTES=(settings.max_file_mb + 1) << 20,
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
    app.jinja_env.globals.update(version=VERSION, hints=HINTS, takes_files=inlet is not None)
    app.extensions["gongwen"] = Services(
        papers, finder, intake, load_labels(settings), relations, inlet, settings.max_file_mb
    )
    Bootstrap5(app)
    security.install(app)
    for blueprint in (search.bp, documents.bp, pages.bp, upload.bp, health.bp):
        app.register_blueprint(blueprint)
    return app


def _plain_json(app: Flask) -> DefaultJSONProvider:
    """Chinese as it is, keys in the order of the schema."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii = False
    provider.sort_keys = False
    return provider
