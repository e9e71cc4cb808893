"""The site over the real store and index, as `gongwen serve` runs it, while another process changes the corpus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus_kit import Made, fill, new_store
from dom_kit import texts, tree
from papers_kit import corpus, letter, plan

from gongwen.settings import ROOT, Settings
from index.sync import open_index
from web.app import create_app

JSON = {"Accept": "application/json"}


def get(address: str, **headers: str) -> Any:
    """Straight to the server, whatever proxies the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, headers={"Accept": "application/json", **headers})) as answer:
        return json.load(answer)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(corpus=tmp_path / "corpus", network_disk=True)


@pytest.fixture
def served(settings: Settings) -> Iterator[str]:
    """`python -m gongwen serve` in a process of its own, on a free port."""
    new_store(settings.corpus, [plan(2024, 12)])
    env = os.environ | {"GONGWEN_CORPUS": str(settings.corpus), "GONGWEN_NETWORK_DISK": "true"}
    command = [sys.executable, "-m", "gongwen", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        try:
            yield line.split("：", 1)[1].split()[0].rstrip("/")
        finally:
            process.terminate()


def test_serve_finds_what_another_process_has_just_committed(served: str, settings: Settings) -> None:
    assert get(f"{served}/health") == {"status": "ok"}
    assert get(f"{served}/search?q=%E5%95%86%E8%AF%B7")["total"] == 0
    fresh = letter(2024)
    fill(new_store(settings.corpus, []), [fresh])
    index = open_index(settings)
    index.update([fresh.reading], {fresh.reading.sha256: fresh.document})
    index.close()
    told = get(f"{served}/search?q=%E5%95%86%E8%AF%B7")
    assert [hit["number"] for hit in told["hits"]] == ["云教函〔2024〕7号"]
    assert get(f"{served}{told['hits'][0]['url']}")["document"]["title"] == "关于商请协助开展科普进校园活动的函"


def test_serve_outlives_a_rebuild_of_the_index(served: str, settings: Settings) -> None:
    index = open_index(settings)
    store = new_store(settings.corpus, [letter(2023)])
    index.rebuild(store)
    index.close()
    assert get(f"{served}/search")["total"] == 2


def test_serve_answers_to_no_other_name(served: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{served}/", Host="evil.example")
    told = refused.value.read().decode()
    refused.value.close()
    assert refused.value.code == 400
    assert f"请用 {served} 打开" in told


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return corpus()


def test_the_real_index_fills_the_page(made: list[Made], settings: Settings) -> None:
    store = new_store(settings.corpus, made)
    index = open_index(settings)
    client = create_app(settings, papers=store, finder=index).test_client()
    page = tree(client.get("/search?q=云科协字2024 12"))
    assert texts(page, "hit-title")[0] == "关于印发《云州市2024年全国科普日活动实施方案》的通知"
    assert texts(page, "hit-facts")[0] == "云科协字〔2024〕12号云州市科学技术协会2024年8月12日通知"
    told = client.get("/search?lead=云州市教育局&role=lead&year=2024", headers=JSON).json
    assert told["total"] == 1
    assert {one["value"] for one in told["facets"]["lead"]} >= {"云州市教育局", "云州市科技馆"}
    assert client.get("/search?date=", headers=JSON).json["total"] == 1
    split = client.get("/search?q=独立法人资格", headers=JSON).json["hits"][0]
    assert (split["part"], split["parts"], split["source"]) == (2, 2, "关于转发科普基地认定办法的通知.html")
    index.close()
