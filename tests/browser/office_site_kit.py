"""A site as an office has it: sample papers taken in and served by the commands, in processes of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from gongwen.settings import ROOT

SAMPLE = ROOT / "corpus" / "sample"
PAPERS = (
    "2020-云科协字38号-科普日方案.txt",
    "2021-云科协字41号-科普日方案.docx",
    "2022-云科协字36号-科普日方案.pdf",
    "2023-云科协字44号-科普日方案.md",
    "2025-云科协字39号-科普月方案.docx",
    "2021-云全科组办发3号-科学素质工作要点.docx",
    "2022-云全科组办发2号-科学素质工作要点.pdf",
    "2022-云政办27号-调整领导小组.docx",
    "2021-云科协函7号-商请支持创新大赛.docx",
    "2021-云教函33号-支持创新大赛复函.pdf",
    "2024-云政告6号-临时交通管制通告.html",
    "2024-科普日活动安排表.xlsx",
    "2024-云科协字9号-科普教育基地考核通报.pdf",
    "2020-云全科组办发7号-报送总结和计划.txt",
)
"""One of every kind that is read without OCR or LibreOffice."""
PLAN_2024 = "2024-云科协字45号-科普日方案"
SHOTS = os.environ.get("GONGWEN_SHOTS", "")
"""A folder for pictures of what a test saw, to be looked at; none are made without it."""


@dataclass(frozen=True)
class Office:
    address: str
    corpus: Path

    def at(self, path: str) -> str:
        return self.address + quote(path, safe="/?=&#%:")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        width = (page.viewport_size or {}).get("width", 0)
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"))


def paper_of(page: Page, office: Office, query: str) -> str:
    """The address of the first paper found by a query."""
    page.goto(office.at(f"/search?q={query}"))
    return office.address + (page.locator("[data-hit]").first.get_attribute("href") or "")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "in").mkdir()
    plan = (one for one in SAMPLE.glob(f"{PLAN_2024}.*") if one.suffix != ".yaml")
    wanted = [*(SAMPLE / name for name in PAPERS), *plan]
    for path in wanted:
        shutil.copy(path, folder / "in" / path.name)
    shutil.copytree(ROOT / "corpus" / "sample-rules", folder / "rules")
    env = os.environ | {"GONGWEN_CORPUS": str(folder / "corpus"), "GONGWEN_RULES": str(folder / "rules"),
                        "GONGWEN_FREE_SPACE_MB": "0"}  # fmt: skip
    command = [sys.executable, "-m", "gongwen"]
    ingest = [*command, "ingest", "--workers", "2", str(folder / "in")]
    took = subprocess.run(ingest, env=env, cwd=ROOT, capture_output=True, text=True)
    assert took.returncode == 0, took.stdout + took.stderr
    with (folder / "log").open("w", encoding="utf-8") as log:
        serving = subprocess.Popen([*command, "serve", "--port", "0"], env=env, cwd=ROOT, stdout=subprocess.PIPE,
                                   stderr=log, text=True)  # fmt: skip
        try:
            yield Office(_address(serving, folder / "log"), folder / "corpus")
        finally:
            serving.terminate()
            serving.wait(30)
            assert serving.stdout is not None
            serving.stdout.close()


def _address(serving: subprocess.Popen[str], log: Path) -> str:
    assert serving.stdout is not None
    for line in serving.stdout:
        found = re.search(r"http://[\d.]+:\d+", line)
        if found:
            return found[0]
    raise AssertionError(log.read_text("utf-8"))
