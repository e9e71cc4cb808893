"""The questions on the five seeds. Only where ../shared/cases lies; nothing of it is copied here."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from audit.desk import make_desk
from audit.questions import QUESTIONS, Asked
from extract.pipeline import extract
from gongwen.record import Reading
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from gongwen.store import open_store
from index.catalogue.catalogue import open_catalogue
from index.catalogue.tasklists import Wanted, find_tasks
from index.catalogue.units import unit_keys
from ingest.readers.plain import READER
from ingest.source import Source

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/cases")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    settings = Settings(corpus=tmp_path_factory.mktemp("seeds") / "corpus", network_disk=True)
    store = open_store(settings)
    store.create()
    book = load_rulebook(settings)
    for path in sorted(SEEDS.glob("*.txt")):
        document = READER.read(Source.of(path.name, path.read_bytes(), "text/plain"))
        store.put_text(document)
        store.put_reading(Reading(path.name, document.sha256, "text/plain", True, [], extract(document, book), "seed"))
    catalogue = open_catalogue(settings)
    yield make_desk(settings, catalogue)
    catalogue.close()


def gold(number: str) -> dict:
    path = next(SEEDS.glob(f"{number}_*.gold.yaml"))
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def plan() -> dict:
    return next(part for part in gold("002")["parts"] if len(part["tasks"]) > 1)


def roster() -> dict:
    return next(part for part in gold("002")["parts"] if part["leading_group"])


def test_the_table_gives_26_tasks_with_leads_and_responsible_units(seeds):
    found = [one for one in seeds.ask(find_tasks, Wanted(years=(2020,)), limit=500).rows
             if one.paper.number == plan()["document_number"]]  # fmt: skip
    assert len(found) == 26 == len(plan()["tasks"])
    assert all(one.lead and one.responsible for one in found)


def test_tasks_led_by_the_association_are_exactly_those_of_the_gold(seeds):
    keys = seeds.ask(unit_keys, seeds.catalogue.register, "市科协")
    found = {one.title for one in seeds.ask(find_tasks, Wanted(keys, ("lead",), (2020,)), limit=500).rows}
    wanted = {one["title"] for one in plan()["tasks"] if {"市科协", "科协"} & set(one["lead"])}
    assert len(wanted) > 10
    assert found == wanted


def test_the_roster_of_the_day_has_30_people(seeds):
    answer = QUESTIONS["members"].work(seeds, Asked(group="全民科学素质工作领导小组", on="2020-08-06"))
    assert len({row.cells[1] for row in answer.rows}) == 30
    assert {row.evidence[0].date for row in answer.rows} == {"2020-08-06"}


def test_who_sat_for_the_association_and_what_is_not_evidenced(seeds):
    answer = QUESTIONS["members"].work(seeds, Asked(unit="市科协", group="全民科学素质工作领导小组", on="2021-03-15"))
    wanted = {"".join(one["name"].split()) for one in roster()["leading_group"] if "市科协" in (one["post"] or "")}
    assert {row.cells[1] for row in answer.rows} == wanted
    assert {row.evidence[0].number for row in answer.rows} == {roster()["document_number"]}
    told = "".join(answer.notes)
    assert "早于所查日期 221 天" in told
    assert "资料库中没有更晚的名单" in told
