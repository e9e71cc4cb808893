"""The site over an invented corpus."""

from __future__ import annotations

import pytest
from comfort_kit import comforts  # noqa: F401  (a fixture)
from corpus_kit import Made, PlainFinder, new_store
from flask import Flask
from flask.testing import FlaskClient
from papers_kit import corpus

from gongwen.settings import Settings
from gongwen.store import Store
from web.app import create_app
from web.ports import Failure, Intake


@pytest.fixture(scope="session")
def made() -> list[Made]:
    return corpus()


@pytest.fixture(scope="session")
def store(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Store:
    return new_store(tmp_path_factory.mktemp("corpus"), made)


@pytest.fixture
def finder(made: list[Made]) -> PlainFinder:
    return PlainFinder(made)


def intake(code: str = "", page: int = 1) -> Intake:
    failures = (
        Failure("收件/加密方案.pdf", "ab" * 32, "password", "2024-05-08 09:30", is_locked=True),
        Failure("扫描件/科普讲师名单.pdf", "cd" * 32, "empty_page", "2024-05-08 09:31", partly=True),
        Failure("坏的<b>.docx", "ef" * 32, "zip_bad"),
    )
    return Intake((("可检索", 20), ("等待处理", 1), ("未读成", 2)), failures, "2024-05-08 10:00")


@pytest.fixture
def app(store: Store, finder: PlainFinder) -> Flask:
    app = create_app(Settings(), papers=store, finder=finder, intake=intake)
    app.testing = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
