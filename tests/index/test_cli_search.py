from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from index_kit import corpus, document, put, reading, record, sha

from gongwen.cli.folding import columns, fold_line
from gongwen.cli.main import main
from gongwen.cli.search import command
from gongwen.errors import StoreError
from gongwen.settings import Settings
from gongwen.store import open_store
from index.sync import open_index
from tests.engine_kit import need


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings, store = corpus(tmp_path / "corpus", 3)
    put(store, "evil", serial=66, text="标题\x1b[31m红\x1b[0m 全国科普日")
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(command, list(args), catch_exceptions=False)

    return invoke


def test_lines_say_number_date_issuer_and_id(run):
    result = run("云科协字2024 2")
    assert result.exit_code == 0
    for wanted in (
        "云科协字〔2024〕2号",
        "2024年5月30日",
        "云州市科学技术协会",
        f"[{sha('file1')[:16]}-1]",
        "file1.txt",
        "共 1 件",
    ):
        assert wanted in result.output


def test_json_is_one_object(run):
    found = json.loads(run("全国科普日", "--limit", "2", "--json").stdout)
    assert (found["total"], len(found["hits"])) == (4, 2)
    assert found["hits"][0]["document_number"].startswith("云科协字〔2024〕")
    assert found["facets"]["type"] == {"通知": 4}


def test_an_index_of_another_engine_is_searched_and_told(run, monkeypatch: pytest.MonkeyPatch):
    need("tantivy")
    right = run("全国科普日").stdout
    monkeypatch.setenv("GONGWEN_ENGINE", "tantivy")
    result = run("全国科普日")
    assert result.stdout == right
    assert "rebuild --index-only" in result.stderr


def test_options_filter(run):
    def total(*args: str) -> int:
        return int(json.loads(run(*args, "--json").stdout)["total"])

    assert total("--unit", "市教育局", "--role", "配合") == 4
    assert total("--unit", "市教育局", "--role", "牵头") == 0
    assert total("--unit", "云州市科学技术协会", "--unit", "没有这个局") == 4
    assert total("--year", "2023") == 0
    assert total("--type", "函", "--type", "通知") == 4
    assert total("--from", "2024-05-30", "--to", "2024-05-30") == 4
    assert total("--from", "2024-06") == 0


def test_nothing_found_says_what_to_do(run):
    assert "没有找到" in run("“绝无此词”").output


def test_a_text_cannot_steer_the_terminal(run):
    result = run("云科协字2024 66")
    assert "共 1 件" in result.output
    assert "\x1b" not in result.output


def test_a_corpus_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    missing = tmp_path / "没有的资料库"
    monkeypatch.setenv("GONGWEN_CORPUS", str(missing))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["gongwen", "search", "科普"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"资料库 {missing} 中还没有公文，请先收文，或检查 GONGWEN_CORPUS" in capsys.readouterr().err
    assert not missing.exists()


def test_an_empty_corpus_is_told_and_gets_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings, _ = corpus(tmp_path / "corpus", 0)
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="还没有公文"):
        CliRunner().invoke(command, ["科普"], catch_exceptions=False)
    assert not (settings.corpus / "index").exists()


def test_what_was_searched_is_told_as_on_the_site(run):
    result = run("日期:2022..2020")
    assert "实际检索：日期 2020年1月1日 至 2022年12月31日" in result.output
    assert "颠倒" in result.output
    assert "实际检索" not in run("全国科普日").output


def test_joint_papers_name_three_issuers(run, tmp_path: Path):
    store = open_store(Settings(corpus=tmp_path / "corpus"))
    name = sha("joint")
    issuers = [f"云州市{kind}局" for kind in ("教育", "财政", "水利", "民政", "司法")]
    store.put_text(document(name))
    store.put_reading(reading(name, record(name, issuers=issuers, title="联合行文")))
    index = open_index(Settings(corpus=tmp_path / "corpus"))
    index.update([reading(name, record(name, issuers=issuers, title="联合行文"))], {})
    index.close()
    assert "云州市教育局、云州市财政局、云州市水利局等5个单位　通知" in run("联合行文").output


def _lines(text: str, width: int) -> list[str]:
    return ["".join(part for part, _ in line) for line in fold_line([(text[:7], False), (text[7:], True)], width)]


def test_lines_are_folded_between_words_and_marks_stay_with_them():
    text = "云州市科学技术协会于2024年10月30日在云州市文化广场举办International科普日，联系电话0999-5550123。" * 3
    for width in range(20, 60):
        lines = _lines(text, width)
        assert "".join(lines) == text
        assert all(columns(line) <= width for line in lines)
        assert not any(line[0] in "，。" for line in lines)
        for whole in ("2024年10月30日", "International", "0999-5550123"):
            assert sum(line.count(whole) for line in lines) == 3
    assert _lines(text, 0) == [text]


def test_a_match_that_is_folded_stays_marked():
    lines = fold_line([("云州" * 5, False), ("科普" * 5, True), ("活动" * 5, False)], 24)
    assert [[is_match for _, is_match in line] for line in lines] == [[False, True], [True, False], [False]]
