"""Extraction inside the sandbox: what its child says is checked, what its child does costs one file."""

import pytest
from click.testing import CliRunner

from gongwen.cli.compose import make_pipeline
from gongwen.cli.main import cli
from gongwen.errors import RuleError, SourceError
from gongwen.record import record_id
from gongwen.settings import Settings
from ingest import client
from ingest.client import LoadError
from ingest.journal import Journal
from ingest.sandbox import Derivation, Limits, extract_file, prepare, read_file

MOCK = Derivation("tests.faults.deriving:prepare", "1")


def extract(folder, text, derivation=MOCK, **limits):
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return extract_file(path, derivation, limits=Limits(**limits))


def test_the_child_gives_text_records_and_the_rules_they_are_from(tmp_path):
    prepare(MOCK)
    found = extract(tmp_path, "关于举办科普日的通知")
    assert found.document == read_file(tmp_path / "a.txt")
    assert [(one.id, one["title"]) for one in found.records] == [
        (record_id(found.document.sha256, 1), "关于举办科普日的通知")
    ]
    assert found.fingerprint == "mock/1"


def test_two_sets_of_rules_are_kept_apart(tmp_path):
    other = Derivation(MOCK.name, "2")
    assert [extract(tmp_path, "通知", one).fingerprint for one in (MOCK, other, MOCK)] == ["mock/1", "mock/2", "mock/1"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bug", "extract_error"), ("abort", "crash"), ("spin", "cpu"), ("foreign", "crash"), ("quote", "crash"),
        ("type", "crash"),
    ],
)  # fmt: skip
def test_a_misbehaving_extractor_costs_its_file_only(tmp_path, text, code):
    with pytest.raises(SourceError) as caught:
        extract(tmp_path, text, cpu=1)
    assert caught.value.code == code
    assert extract(tmp_path, "通知").records[0]["title"] == "通知"


def test_a_bug_is_told_with_its_place(tmp_path):
    with pytest.raises(SourceError, match=r"KeyError at .*deriving\.py:\d+"):
        extract(tmp_path, "bug")


def test_rules_that_do_not_load_are_told_for_each_file(tmp_path):
    wrong = Derivation(MOCK.name, "wrong")
    prepare(wrong)
    for _ in range(2):
        with pytest.raises(RuleError, match=r"rules/fields/x\.yml: wrong"):
            extract(tmp_path, "通知", wrong)
    assert extract(tmp_path, "通知").fingerprint == "mock/1"


def test_an_extractor_that_does_not_load_is_no_files_fault(tmp_path):
    for wrong in (Derivation(MOCK.name, "bug"), Derivation("tests.faults.nowhere:prepare"), Derivation("tests:what")):
        with pytest.raises(LoadError, match="Error"):
            extract(tmp_path, "通知", wrong)
    assert extract(tmp_path, "通知").fingerprint == "mock/1"


def test_a_nursery_that_does_not_come_up_is_no_files_fault(tmp_path, monkeypatch):
    client._close()
    monkeypatch.setattr(client.sys, "executable", "/bin/false")
    with pytest.raises(LoadError, match="does not come up"):
        extract(tmp_path, "通知")


def test_the_first_sign_of_a_nursery_has_a_patience_of_its_own(tmp_path, monkeypatch):
    """A machine with a load of ten took over 20 seconds to load the libraries; the file was no cause of it."""
    client._close()
    with pytest.raises(LoadError, match="no sign of life"), monkeypatch.context() as patch:
        patch.setattr(client, "_BIRTH", 0.0)
        extract(tmp_path, "通知")
    client._close()
    assert extract(tmp_path, "通知")


def test_the_child_finds_what_the_caller_would(tmp_path):
    pipeline = make_pipeline(Settings())
    path = tmp_path / "通知.txt"
    path.write_text("云州市科学技术协会关于举办科普日的通知\n各县区科协：\n定于2024年9月15日举办。\n云州市科学技术协会\n"
                    "2024年8月1日\n", encoding="utf-8")  # fmt: skip
    found = pipeline.extract(path, name="通知.txt")
    assert found.fingerprint == pipeline.fingerprint
    assert [one.to_json() for one in found.records] == [one.to_json() for one in pipeline.derive(found.document)]
    assert found.records[0]["issue_date"] == "2024-08-01"


def test_a_wrong_rule_ends_the_run_and_the_files_wait(tmp_path):
    rules = tmp_path / "rules" / "fields"
    rules.mkdir(parents=True)
    (rules / "theme.yml").write_text("field: theme\nlabel: 主题\ntype: wonder\n", encoding="utf-8")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "通知.txt").write_text("关于举办科普日的通知", encoding="utf-8")
    env = {"GONGWEN_CORPUS": str(tmp_path / "corpus"), "GONGWEN_RULES": str(tmp_path / "rules")}

    failed = CliRunner().invoke(cli, ["ingest", str(tmp_path / "papers")], env=env)
    assert isinstance(failed.exception, RuleError)
    assert "theme.yml: 字段 theme：不认识的类型 wonder" in str(failed.exception)

    (rules / "theme.yml").unlink()
    mended = CliRunner().invoke(cli, ["ingest", "--json"], env=env)
    assert mended.exit_code == 0
    journal = Journal(tmp_path / "corpus" / "journal.db")
    assert [row.state for row in journal.rows()] == ["indexed"]
    journal.close()
