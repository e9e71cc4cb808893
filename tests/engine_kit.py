"""Engines that need not be installed."""

from __future__ import annotations

import os

import pytest

from gongwen.errors import SettingsError
from index.engines import engine_class


def need(engine: str) -> None:
    """Skips where the engine is not installed, but not in CI."""
    try:
        engine_class(engine)
    except SettingsError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error), allow_module_level=True)
