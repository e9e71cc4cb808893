import pytest

from gongwen.record import record_id
from gongwen.store import Store
from ingest.journal import Journal
from ingest.progress import Silent
from ingest.rederive import rederive
from ingest.verify import verify
from tests.ingest_kit import FakePipeline, indexed_ids, make_ingest, problems, run_ingest, sha256_of, write_files


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus")
    papers = tmp_path / "papers"
    write_files(papers, 4)
    run_ingest(made, papers)
    return made


def again(store, pipeline, current=lambda reader: reader == "fake/1", **more):
    journal = Journal(store.journal)
    try:
        return rederive(store, journal, pipeline, current, Silent(), **more)
    finally:
        journal.close()


def codes(store):
    return {one.code for one in problems(store)}


def test_nothing_changed_nothing_done(store):
    pipeline = FakePipeline()
    counts = again(store, pipeline)
    assert (counts.current, counts.rederived, counts.reread) == (4, 0, 0)
    assert pipeline.read_names == []


def test_new_rules_derive_from_the_stored_text(store):
    pipeline = FakePipeline("rules-2")
    counts = again(store, pipeline)
    assert (counts.rederived, counts.reread, pipeline.read_names) == (4, 0, [])
    assert {one.fingerprint for one in store.readings()} == {"fake/1 rules-2"}
    run_ingest(store, pipeline=pipeline)
    assert problems(store) == []


def test_a_new_reader_reads_the_originals_again(store):
    pipeline = FakePipeline()
    assert again(store, pipeline, current=lambda reader: False).reread == 4
    run_ingest(store, pipeline=pipeline)
    assert len(pipeline.read_names) == 4
    assert problems(store) == []


def test_a_damaged_record_or_text_is_made_anew(store):
    shas = store.shas()
    store.record_path(shas[0]).write_text("documents: [", encoding="utf-8")
    (store.root / "cache" / f"{shas[0]}.json").unlink()
    store.text_path(shas[1]).write_bytes(b"{}")
    store.text_path(shas[2]).unlink()
    assert codes(store) >= {"unreadable", "no_record"}
    counts = again(store, FakePipeline())
    assert (counts.current, counts.rederived, counts.reread) == (1, 1, 2)
    run_ingest(store)
    assert problems(store) == []


def test_refused_files_come_again_when_asked_or_when_it_was_our_fault(store, tmp_path):
    for code in ("password", "extract_error", "secret_mark"):
        (tmp_path / "papers" / f"{code}.txt").write_text(f"!{code}\n", encoding="utf-8")
    run_ingest(store, tmp_path / "papers")
    assert again(store, FakePipeline()).reread == 1
    run_ingest(store)
    assert again(store, FakePipeline(), retry=True).reread == 3


def test_a_paper_that_is_secret_by_today_s_rule_is_secluded(store):
    document = store.text(store.shas()[0])
    changed = document.to_json() | {"text": "机密★1年\n" + document.text}
    store.put_text(document.from_json(changed))
    assert again(store, FakePipeline()).secluded == 1
    assert store.text(document.sha256) is None
    assert codes(store) == {"surplus"}  # until the index is rebuilt


def test_records_of_nothing_go(store):
    orphan = sha256_of("orphan")
    store.record_path(orphan).write_text("documents: [", encoding="utf-8")
    assert codes(store) == {"orphan"}
    assert again(store, FakePipeline()).orphans == 1
    assert problems(store) == []


def test_verify_sees_each_kind_of_damage(store):
    assert codes(store) == set()
    shas = store.shas()
    path = store.object_path(shas[0])
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    store.object_path(shas[1]).unlink()
    record = store.record_path(shas[2])
    record.write_text(record.read_text(encoding="utf-8").replace("quote: 关于", "quote: 至于"), encoding="utf-8")
    store.record_path(sha256_of("orphan")).write_text("{}", encoding="utf-8")
    (store.tmp / "x").write_bytes(b"new")
    store.put_object(store.tmp / "x", sha256_of("new"))
    assert codes(store) == {"damaged", "no_object", "quote", "orphan", "no_row"}


def test_verify_compares_the_index(store):
    journal = Journal(store.journal)
    known = indexed_ids(store)
    lost, extra = min(known), record_id(sha256_of("extra"), 1)
    found = {(one.code, one.subject) for one in verify(store, journal, known - {lost} | {extra}, Silent())}
    assert found == {("not_indexed", lost), ("surplus", extra)}
    assert {one.code for one in verify(store, journal, None, Silent())} == {"no_index"}
    journal.close()


def test_verify_sees_text_of_secret_papers(store):
    with make_ingest(store) as ingest:
        ingest.journal.seclude(store.shas()[0], "secret_mark")
    assert "secret_text" in codes(store)
