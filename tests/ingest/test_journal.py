import sqlite3
from contextlib import closing

import pytest

from gongwen.errors import StoreError
from ingest import journal as module
from ingest.journal import MAX_ATTEMPTS, Arrival, Finish, Journal
from tests.ingest_kit import join, spawn


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "journal.db")
    yield made
    made.close()


def sha(letter):
    return letter * 64


def arrival(letter, name="通知.pdf", via="cli"):
    return Arrival(sha(letter), name, via, "何立", "2024-05-06T08:00:00+08:00")


def stored(journal, *letters):
    for letter in letters:
        journal.accept(sha(letter), 10, arrival(letter, f"{letter}.pdf"))


def test_the_same_bytes_again_are_a_second_arrival_of_one_object(journal):
    assert journal.accept(sha("a"), 10, arrival("a", "一.pdf")) is True
    assert journal.accept(sha("a"), 10, arrival("a", "二.pdf")) is False
    assert journal.accept(sha("a"), 10, arrival("a", "二.pdf")) is False
    assert [one.name for one in journal.arrivals(sha("a"))] == ["一.pdf", "二.pdf"]
    assert len(journal.rows()) == 1
    assert journal.name_of(sha("a")) == "一.pdf"


def test_a_name_is_shown_without_folders_and_an_adopted_object_by_its_hash(journal):
    journal.accept(sha("a"), 10, arrival("a", "2024/一.pdf"))
    journal.adopt([sha("b")], lambda sha256: 7)
    assert journal.name_of(sha("a")) == "一.pdf"
    assert journal.name_of(sha("b")) == "b" * 16
    assert journal.row(sha("b")).size == 7
    assert journal.adopt([sha("a"), sha("b")], lambda sha256: 7) == 0


def test_the_way_of_a_file(journal):
    stored(journal, "a")
    row = journal.claim("me")
    assert (row.state, row.attempts, row.owner) == ("extracting", 1, "me")
    assert journal.claim("you") is None
    assert journal.finish(sha("a"), "me", "extracted", fingerprint="f", media_type="text/plain")
    row = journal.row(sha("a"))
    assert (row.state, row.attempts, row.owner, row.fingerprint) == ("extracted", 0, None, "f")
    journal.mark_indexed([row])
    assert journal.row(sha("a")).is_done
    assert [event for _, event, _ in journal.trail(sha("a"))] == ["arrived", "extracted"]


def test_finish_counts_only_for_the_owner(journal):
    stored(journal, "a")
    journal.claim("me")
    assert journal.finish(sha("a"), "you", "extracted") is False
    assert journal.row(sha("a")).state == "extracting"


def test_reasons_come_from_the_closed_list(journal):
    stored(journal, "a")
    journal.claim("me")
    with pytest.raises(ValueError, match="unknown reason"):
        journal.finish(sha("a"), "me", "quarantined", reason="because")


def test_the_third_death_is_quarantine(journal):
    stored(journal, "a")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert journal.claim("dead", suspects=attempt > 1).attempts == attempt
        assert journal.recover(lambda owner: owner != "dead") == [sha("a")]
    row = journal.row(sha("a"))
    assert (row.state, row.reason) == ("quarantined", "worker_died_3x")
    assert journal.refused() == [row]
    assert journal.claim("me", suspects=True) is None


def test_the_living_keep_their_files(journal):
    stored(journal, "a")
    journal.claim("me")
    assert journal.recover(lambda owner: True) == []
    assert journal.row(sha("a")).owner == "me"


def test_suspects_are_claimed_apart_and_the_least_tried_first(journal):
    stored(journal, "a", "b", "c")
    for _ in range(2):
        for _ in range(2):
            journal.claim("dead") or journal.claim("dead", suspects=True)
        journal.recover(lambda owner: False)
    attempts = {row.sha256[0]: row.attempts for row in journal.rows()}
    assert sorted(attempts.values()) == [1, 1, 2]
    least = journal.claim("me", suspects=True)
    assert least.attempts == 2
    assert journal.claim("me") is None


def test_released_files_were_never_tried(journal):
    stored(journal, "a", "b")
    journal.claim("me")
    journal.claim("me")
    assert journal.release("me", sha("a")) == 1
    assert journal.release("me") == 1
    assert {row.attempts for row in journal.rows("stored")} == {0}


def test_a_record_derived_anew_while_it_was_indexed_waits_for_the_next_batch(journal):
    stored(journal, "a")
    journal.claim("me")
    journal.finish(sha("a"), "me", "extracted", fingerprint="old")
    batch = journal.rows("extracted")
    journal.rederived(sha("a"), "new")
    journal.mark_indexed(batch)
    assert journal.row(sha("a")).state == "extracted"


def test_requeue_leaves_alone_what_is_under_way(journal):
    stored(journal, "a", "b")
    journal.claim("me")
    assert journal.requeue([sha("a"), sha("b"), sha("c")], "test") == 1
    assert journal.row(sha("a")).owner == "me"


def test_the_trail_cannot_be_changed(journal, tmp_path):
    stored(journal, "a")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        for statement in ("UPDATE trail SET event = 'x'", "DELETE FROM trail"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement)


def test_an_interrupted_transaction_leaves_nothing(tmp_path):
    def fail(point):
        raise KeyboardInterrupt(point)

    broken = Journal(tmp_path / "journal.db", at=fail)
    with pytest.raises(KeyboardInterrupt):
        broken.accept(sha("a"), 10, arrival("a"))
    assert broken.rows() == []
    broken.close()


def test_it_is_durable_and_private(journal, tmp_path):
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA user_version").fetchone() == (len(module.MIGRATIONS),)
    assert (tmp_path / "journal.db").stat().st_mode & 0o007 == 0
    assert journal.is_sound()


def test_a_newer_schema_is_refused(journal, tmp_path):
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="更新版本"):
        Journal(tmp_path / "journal.db")


def test_a_migration_keeps_a_snapshot(journal, tmp_path, monkeypatch):
    stored(journal, "a")
    journal.close()
    before = len(module.MIGRATIONS)
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, "ALTER TABLE objects ADD COLUMN more TEXT;\n"))
    newer = Journal(tmp_path / "journal.db")
    assert len(newer.rows()) == 1
    newer.close()
    with closing(sqlite3.connect(tmp_path / "snapshots" / f"0001-journal{before}" / "journal.db")) as old:
        assert old.execute("SELECT count(*) FROM objects").fetchone() == (1,)
        assert old.execute("PRAGMA user_version").fetchone() == (before,)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as new:
        assert new.execute("SELECT more FROM objects").fetchall() == [(None,)]


def test_a_journal_of_the_first_version_gains_the_state_of_waiting_for_a_converter(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", module.MIGRATIONS[:1])
        old = Journal(tmp_path / "journal.db")
        stored(old, "a")
        stored(old, "b")
        told = old.rows(), old.arrivals(), old.trail(old.rows()[0].sha256)
        old.close()
    journal = Journal(tmp_path / "journal.db")
    assert (journal.rows(), journal.arrivals(), journal.trail(journal.rows()[0].sha256)) == told
    row = journal.claim("o")
    journal.finish(row.sha256, "o", "needs_converter", reason="needs_converter")
    assert [one.sha256 for one in journal.refused()] == [row.sha256]
    with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute("PRAGMA foreign_keys = ON")
        other.execute("INSERT INTO arrivals (sha256, name, via, who, at) VALUES ('no such', 'a', '', '', '')")
    stored(journal, "c")
    assert len(journal.rows()) == 3
    journal.close()


def test_what_is_no_database_says_so(tmp_path):
    (tmp_path / "journal.db").write_bytes(b"not a database at all" * 99)
    with pytest.raises(StoreError, match="已损坏，请从备份恢复"):
        Journal(tmp_path / "journal.db")


def test_first_starts_at_the_same_time(tmp_path):
    def work():
        journal = Journal(tmp_path / "journal.db")
        journal.accept(sha("a"), 1, arrival("a"))
        journal.close()

    assert [join(pid) for pid in [spawn(work) for _ in range(6)]] == [0] * 6
    journal = Journal(tmp_path / "journal.db")
    assert len(journal.arrivals()) == 1
    journal.close()


def test_several_are_claimed_in_order_but_never_one_that_was_tried(journal):
    stored(journal, "a", "b", "c", "d")
    journal.claim("dead")
    journal.recover(lambda owner: False)
    rows = journal.claim_some("me", 2)
    assert [(row.sha256, row.attempts, row.owner) for row in rows] == [(sha("b"), 1, "me"), (sha("c"), 1, "me")]
    assert rows == journal.rows("extracting")
    assert [row.sha256 for row in journal.claim_some("you", 9)] == [sha("d")]
    assert journal.claim_some("you", 9) == journal.claim_some("you", 0) == []


def test_several_are_finished_together_or_not_at_all(tmp_path):
    hits = []

    def break_at_the_second(point):
        hits.append(point)
        if hits.count("finish:in_transaction") == 2:
            raise InterruptedError

    journal = Journal(tmp_path / "journal.db", at=break_at_the_second)
    stored(journal, "a", "b")
    journal.claim_some("me", 2)
    ends = [Finish(sha("a"), "extracted", None, "f", "text/plain"), Finish(sha("b"), "quarantined", "crash")]
    with pytest.raises(InterruptedError):
        journal.finish_all("me", ends)
    assert [row.state for row in journal.rows()] == ["extracting", "extracting"]
    assert journal.finish_all("me", [*ends, Finish(sha("c"), "extracted")]) == [True, True, False]
    assert [(row.state, row.reason) for row in journal.rows()] == [("extracted", None), ("quarantined", "crash")]
    journal.close()


def test_arrivals_are_noted_together_or_not_at_all(tmp_path):
    hits = []

    def break_at_the_second(point):
        hits.append(point)
        if hits.count("accept:in_transaction") == 2:
            raise InterruptedError

    journal = Journal(tmp_path / "journal.db", at=break_at_the_second)
    arrived = [(1, arrival("a")), (2, arrival("b")), (1, arrival("a", "二.pdf"))]
    with pytest.raises(InterruptedError):
        journal.accept_all(arrived)
    assert journal.rows() == []
    assert journal.accept_all(arrived) == [True, True, False]
    journal.close()
