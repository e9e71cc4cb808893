"""The queue of the whole corpus: order, filters, counts, the log; kept up, caught up, made anew."""

import os
import sqlite3
import threading
from contextlib import closing

import pytest
from doubt_kit import act, corpus, issue, paper, put, sha

from gongwen.errors import StoreError
from gongwen.settings import Settings
from index.doubt_queue import Wanted
from index.doubt_store import FILE, open_doubts
from index.sync import open_index


@pytest.fixture
def made(tmp_path):
    papers = [
        ("weak", paper("weak", 1, scores={"theme": 0.6}, issue_date="2023-05-30")),
        ("older", paper("older", 2, issues=[issue()], issue_date="2022-01-01", disclosure="主动公开")),
        ("newer", paper("newer", 3, issues=[issue()], issuers=["云州市教育局", "云州市科学技术协会"])),
        ("sound", paper("sound", 4)),
    ]
    settings, store, doubts = corpus(tmp_path / "corpus", *papers)
    doubts.rebuild()
    yield settings, store, doubts
    doubts.close()


def walk(doubts, wanted=Wanted()):  # noqa: B008
    found, after = [], ""
    while (one := doubts.first(wanted, after=after)) is not None:
        found.append((one.address[:16], one.field))
        after = one.sort
    return found


def heads(*names):
    return [sha(name)[:16] for name in names]


def test_worst_first_then_newest(made):
    assert [one for one, _ in walk(made[2])] == heads("newer", "older", "weak")


def test_one_walks_back_as_one_came(made):
    doubts = made[2]
    first = doubts.first(Wanted())
    second = doubts.first(Wanted(), after=first.sort)
    assert doubts.first(Wanted(), before=second.sort) == first
    assert doubts.first(Wanted(), before=first.sort) is None
    assert doubts.count(Wanted(), before=second.sort) == 1
    assert doubts.at(second.sort) == second == doubts.of(second.address, second.key)


@pytest.mark.parametrize(("wanted", "names"), [
    (Wanted(kind="issue"), ["newer", "older"]),
    (Wanted(kind="low"), ["weak"]),
    (Wanted(kind="nonsense"), ["newer", "older", "weak"]),
    (Wanted(field="theme"), ["weak"]),
    (Wanted(year="2022"), ["older"]),
    (Wanted(unit="云州市教育局"), ["newer"]),
    (Wanted(unit="云州市教育局", year="2022"), []),
    (Wanted(code="bracket_variant"), ["newer", "older"]),
])  # fmt: skip
def test_filters(made, wanted, names):
    assert [one for one, _ in walk(made[2], wanted)] == heads(*names)
    assert made[2].count(wanted) == len(names)


def test_counts_tell_what_choosing_would_give(made):
    counts = made[2].counts(Wanted(kind="issue"))
    assert (counts.total, counts.kinds) == (2, {"issue": 2, "low": 1})
    assert (counts.fields, counts.years) == ({"document_number": 2}, {"2022": 1, "2024": 1})
    assert counts.units == {"云州市科学技术协会": 2, "云州市教育局": 1}


def test_an_act_is_in_force_at_once_and_in_the_log(made):
    _, store, doubts = made
    name = sha("newer")
    store.add_review(name, act("document_number", "云科协字〔2024〕3号", "云科协字〔2024〕13号", 3, batch="b1"))
    doubts.refresh([name])
    assert [one for one, _ in walk(doubts)] == heads("older", "weak")
    past = doubts.acts()[0]
    assert (past.by, past.said, past.stands, past.address) == (
        "林若溪", ("云科协字〔2024〕3号", "云科协字〔2024〕13号"), True, f"{name[:16]}-1",
    )  # fmt: skip
    assert doubts.files_of_batch("b1") == [name]
    assert doubts.files_of_batch("") == []
    store.add_review(name, act("document_number", "云科协字〔2024〕13号", "云科协字〔2024〕3号", 3,
                               takes_back=store.reviews(name)[0].mark))  # fmt: skip
    doubts.refresh([name])
    assert [one for one, _ in walk(doubts)] == heads("newer", "older", "weak")
    assert [(one.stands, one.is_back) for one in doubts.acts()] == [(False, True), (False, False)]


def test_what_changed_while_nobody_looked_is_behind(made):
    _, store, doubts = made
    assert doubts.behind().files == ()
    store.add_review(sha("weak"), act("theme", "科普惠民", "科普惠民", 1))
    put(store, "fresh", paper("fresh", 9, issues=[issue()]))
    store.forget(sha("older"))
    behind = doubts.behind()
    assert set(behind.files) == {sha("weak"), sha("fresh"), sha("older")}
    assert behind.reviewed == (sha("weak"),)
    doubts.refresh(behind.files)
    assert doubts.behind().files == ()
    assert {one for one, _ in walk(doubts)} == set(heads("newer", "fresh"))


def test_the_file_is_made_anew_when_it_is_of_another_revision_or_broken(made):
    settings, _, doubts = made
    doubts.close()
    path = settings.corpus / FILE
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE doubt_state SET value = 'old'")
        database.execute("CREATE TABLE fact (of_another_module TEXT)")
        database.commit()
    other = open_doubts(settings)
    assert other.files() == 0
    other.rebuild()
    assert len(walk(other)) == 3
    other.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM fact").fetchone() == (0,)
    for suffix in ("-wal", "-shm"):
        (settings.corpus / f"{FILE}{suffix}").unlink(missing_ok=True)
    path.write_bytes(b"no database at all" * 500)
    third = open_doubts(settings)
    third.rebuild()
    assert len(walk(third)) == 3
    third.close()


def test_a_damaged_record_hides_no_other(made):
    _, store, doubts = made
    store.record_path(sha("newer")).write_text("documents: [", encoding="utf-8")
    (store.root / "cache" / f"{sha('newer')}.json").unlink()
    doubts.rebuild()
    assert [one for one, _ in walk(doubts)] == heads("older", "weak")
    assert doubts.behind().files == ()


def test_a_file_that_cannot_be_written_is_told(made):
    settings, _, doubts = made
    doubts.close()
    if os.geteuid() == 0:
        (settings.corpus / FILE).unlink()
        (settings.corpus / FILE).mkdir()
    else:
        (settings.corpus / FILE).chmod(0o000)
    with pytest.raises(StoreError, match="复核清单无法读写"):
        open_doubts(settings).count(Wanted())


def test_the_file_is_not_for_everybody(made):
    assert (made[0].corpus / FILE).stat().st_mode & 0o007 == 0


def test_many_threads_ask_while_one_writes(made):
    _, _, doubts = made
    wrong = []

    def ask():
        for _ in range(30):
            if doubts.count(Wanted()) != 3:
                wrong.append(doubts.count(Wanted()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for _ in range(10):
        doubts.refresh([sha("newer"), sha("older"), sha("weak")])
    for one in threads:
        one.join()
    assert wrong == []


def test_the_index_keeps_the_queue_up(tmp_path):
    settings, store, doubts = corpus(tmp_path / "corpus", ("old", paper("old", 1, issues=[issue()])))
    index = open_index(settings)
    put(store, "new", paper("new", 2, issues=[issue()]))
    index.update([store.reading(sha("new"))], {})
    assert [one for one, _ in walk(doubts)] == heads("new")
    index.rebuild(store)
    assert {one for one, _ in walk(doubts)} <= set(heads("new", "old"))
    store.forget(sha("new"))
    index.delete(sha("new"))
    assert heads("new")[0] not in [one for one, _ in walk(doubts)]
    index.close()
    doubts.close()


def test_settings_without_a_corpus_make_no_file(tmp_path):
    open_doubts(Settings(corpus=tmp_path / "none"))
    assert not (tmp_path / "none").exists()
