"""Withdrawal: no trace is left in the corpus, and what was withdrawn does not come back."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongwen.accounts.accounts import Accounts
from gongwen.cli.accounts import open_sights
from gongwen.cli.compose import open_sinks
from gongwen.cli.main import cli
from gongwen.cli.verify import command as verify_command
from gongwen.errors import SourceError, StoreError
from gongwen.saved import SavedSearches
from gongwen.settings import ROOT, Settings
from gongwen.store import Store
from gongwen.trail import Trail
from index.engine import Query
from index.sync import open_index
from ingest import withdraw as module
from ingest.accept import Acceptor
from ingest.journal import Arrival, Journal
from ingest.kinship import Kin
from ingest.owner import Owner
from ingest.withdraw import SEALED, finish, going_with, is_withdrawn, marks, withdraw

sys.path.insert(0, str(ROOT / "tests" / "web"))
from corpus_kit import Made, new_store
from papers_kit import county_notice, letter, plan

BY = {"by": "管理员", "why": "误收", "note": lambda sha256: None}


@pytest.fixture
def made() -> list[Made]:
    return [plan(2024, 12), county_notice(2024, "临江县", 3), letter(2024)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(corpus=tmp_path / "corpus", network_disk=True)


@pytest.fixture
def store(settings: Settings, made: list[Made], monkeypatch: pytest.MonkeyPatch) -> Store:
    """All three have been taken in; the notice lay in a mail, the letter."""
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    monkeypatch.setenv("GONGWEN_NETWORK_DISK", "true")
    store = new_store(settings.corpus, made)
    journal = Journal(store.journal)
    for one in made:
        arrival = Arrival(one.reading.sha256, one.reading.source, "inbox", "", "2026-05-01T08:00:00+08:00")
        journal.accept(one.reading.sha256, len(one.data), arrival)
    journal._db.execute("UPDATE objects SET state = 'indexed', fingerprint = 'kit', media_type = 'text/plain'")
    journal.close()
    sinks = open_sinks(settings)
    sinks.update([one.reading for one in made], {one.reading.sha256: one.document for one in made})
    sinks.close()
    return store


def traces(root: Path, *words: bytes) -> list[str]:
    """Files of the corpus that hold one of the words, but for what must remember that something was withdrawn."""
    kept = {"withdrawn", "sealed", "trail", "journal.db", "journal.db-wal"}
    files = [one for one in root.rglob("*") if one.is_file() and one.relative_to(root).parts[0] not in kept]
    return [str(one.relative_to(root)) for one in files if any(word in one.read_bytes() for word in words)]


@pytest.mark.parametrize("fate", ["seal", "destroy"])
def test_nothing_of_it_is_left(store: Store, made: list[Made], fate: str) -> None:
    gone = made[0].reading
    address = gone.documents[0].id
    draft = store.root / "drafts" / "0123456789ab"
    draft.mkdir(parents=True)
    (draft / "made.json").write_text(f'{{"papers": ["{address}"]}}', encoding="utf-8")
    other = store.root / "drafts" / "ba9876543210"
    other.mkdir()
    (other / "made.json").write_text("{}", encoding="utf-8")
    (store.root / "followups").mkdir()
    (store.root / "followups" / f"{gone.sha256}.yml").write_text("what: 流动科技馆县区巡展\n", encoding="utf-8")
    words = (gone.sha256[:16].encode(), "主会场启动仪式".encode(), "流动科技馆县区巡展".encode())
    saved = SavedSearches(store.root / "saved.db")
    saved.tell(saved.add("科普", "q=科普", "2026-05-01").id, [address], "2026-05-01")
    assert len(traces(store.root, *words)) > 5
    done = CliRunner().invoke(cli, ["withdraw", address, f"--{fate}", "--why", "误收", "--yes"])
    assert done.exit_code == 0, done.output
    assert store.find(address) is None and not store.has_object(gone.sha256)
    journal = Journal(store.journal)
    assert journal.row(gone.sha256) is None and journal.arrivals(gone.sha256) == []
    journal.close()
    assert not draft.exists() and other.exists()
    assert (store.root / SEALED / gone.sha256).is_file() == (fate == "seal")
    assert traces(store.root, *words) == []
    assert list((store.root / "followups").iterdir()) == []
    told = next(Trail(store.root).entries())
    assert (told.act, told.what) == ("withdraw", f"{gone.sha256} {fate} 误收")


def test_nor_in_what_was_made_for_others(
    store: Store, made: list[Made], settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = tmp_path / "access.yml"
    rules.write_text("- name: 内部\n  disclosure: [不予公开]\n  roles: [admin]\n", encoding="utf-8")
    monkeypatch.setenv("GONGWEN_ACCESS", str(rules))
    user = Accounts(store.root).make("zhou", "viewer")
    sights = open_sights(replace(settings, access=rules))
    assert sights is not None
    sights._opened(frozenset()).wait(600)
    assert sights.is_limited(user)
    sights.close()
    word = "主会场启动仪式".encode()
    assert any(one.startswith("sights/") for one in traces(store.root, word))
    done = CliRunner().invoke(cli, ["withdraw", made[0].reading.documents[0].id, "--yes"])
    assert done.exit_code == 0, done.output
    assert traces(store.root, word) == []


def test_search_and_catalogue_do_not_know_it(settings: Settings, store: Store, made: list[Made]) -> None:
    CliRunner().invoke(cli, ["withdraw", made[0].reading.documents[0].id, "--yes"])
    index = open_index(settings)
    try:
        assert index.search(Query("主会场启动仪式")).total == 0
        assert index.search(Query("科技活动周")).total == 1
        assert index.suggest("全国科普日活动实施方案") == ()
        assert index.missing() == ([], [])
    finally:
        index.close()
    checked = CliRunner().invoke(verify_command, ["--json"])
    assert checked.exit_code == 0, checked.output


def test_the_same_bytes_do_not_come_back(store: Store, made: list[Made], settings: Settings) -> None:
    CliRunner().invoke(cli, ["withdraw", made[0].reading.documents[0].id, "--yes"])
    journal = Journal(store.journal)
    with Owner(store) as owner, pytest.raises(SourceError, match="withdrawn"):
        Acceptor(store, journal, owner, max_bytes=1 << 20).take_stream(io.BytesIO(made[0].data), "again.pdf", who="")
    journal.close()
    assert not store.has_object(made[0].reading.sha256)


def test_what_holds_it_goes_with_it(store: Store, made: list[Made]) -> None:
    """The mail that it lay in would show it; a file that lies in it and came by itself stays."""
    mail, notice, alone = made[2].reading.sha256, made[1].reading.sha256, made[0].reading.sha256
    journal = Journal(store.journal)
    for at, inner in enumerate((notice, alone)):
        journal._db.execute("BEGIN")
        journal.kin.add(at, Kin(mail, f"{at}.pdf", 1, inner))
        journal._db.execute("COMMIT")
    assert going_with(journal, notice) == [notice, mail]
    assert going_with(journal, mail) == [mail]  # both came by themselves, too
    journal._db.execute("UPDATE arrivals SET via = 'member' WHERE sha256 = ?", (alone,))
    assert going_with(journal, mail) == [mail, alone]
    journal.close()


def test_what_a_crash_left_undone_is_done_later(
    settings: Settings, store: Store, made: list[Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = made[0].reading.sha256
    journal, sinks = Journal(store.journal), open_sinks(settings)
    with monkeypatch.context() as broken:
        broken.setattr(module, "_remove", lambda *args: (_ for _ in ()).throw(OSError(5, "I/O error")))
        with pytest.raises(OSError, match="I/O"):
            withdraw(store, journal, sinks, sha256, fate="destroy", **BY)
    assert is_withdrawn(store, sha256) and store.has_object(sha256)
    assert store.find(made[0].reading.documents[0].id) is None  # from the first step on nobody finds it
    assert finish(store, journal, sinks) == 1
    assert not store.has_object(sha256) and [one.is_done for one in marks(store)] == [True]
    assert finish(store, journal, sinks) == 0
    sinks.close()
    journal.close()


def test_a_file_that_is_being_read_is_left_for_later(settings: Settings, store: Store, made: list[Made]) -> None:
    sha256 = made[0].reading.sha256
    journal, sinks = Journal(store.journal), open_sinks(settings)
    journal._db.execute("UPDATE objects SET state = 'extracting', owner = 'x' WHERE sha256 = ?", (sha256,))
    with pytest.raises(StoreError, match="稍后"):
        withdraw(store, journal, sinks, sha256, fate="seal", **BY)
    assert not is_withdrawn(store, sha256)
    sinks.close()
    journal.close()


def test_nothing_goes_that_cannot_be_noted(settings: Settings, store: Store, made: list[Made]) -> None:
    journal, sinks = Journal(store.journal), open_sinks(settings)

    def full(sha256: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        withdraw(store, journal, sinks, made[0].reading.sha256, by="x", why="", fate="destroy", note=full)
    assert store.find(made[0].reading.documents[0].id) is not None
    sinks.close()
    journal.close()


def test_it_asks_before_it_does_anything(store: Store, made: list[Made]) -> None:
    address = made[0].reading.documents[0].id
    assert CliRunner().invoke(cli, ["withdraw", address], input="n\n").exit_code == 3
    assert store.find(address) is not None
