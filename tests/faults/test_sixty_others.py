"""Nos. 54 to 60 of reliability.md §5: what is no file to be read, as far as what they aim at is built.

What waits, and for what:
- 58: there is no upload form. Names and sizes are tried on what it will call (`receive`), and on the site, which takes
  nothing. The form itself waits for issue 8 (accounts), as nobody may upload unnamed.
- 59: sessions, their replay after logout, CSRF tokens and limits by address wait for issue 8. Here: a foreign Host, and
  that no request changes anything or is treated otherwise for what it says of itself.
- 60: nothing writes CSV or XLSX of a corpus yet (`export` has YAML and JSON); cells that are formulas wait for the
  tables of issue 6 (`tasks --xlsx`).
"""

from __future__ import annotations

import io
import os
import pickle
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gongwen.cli.compose import receive
from gongwen.errors import RuleError, SourceError
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from index.engine import Query
from index.sync import Index, open_index
from tests.faults.door import Door
from tests.faults.ordinary import LINES, original
from web.app import create_app
from web.intake import journal_intake


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    """A corpus with one paper."""
    made = Door(tmp_path_factory.mktemp("door"))
    (made.papers / "通知.docx").write_bytes(original("docx"))
    assert made.ingest().exit_code == 0
    return made


@pytest.fixture
def index(door: Door) -> Iterator[Index]:
    opened = open_index(door.settings)
    yield opened
    opened.close()


@pytest.fixture
def client(door: Door, index: Index) -> FlaskClient:
    app = create_app(door.settings, papers=door.store, finder=index, intake=journal_intake(door.store.journal))
    return app.test_client()


def office(folder: Path, name: str, text: str) -> Settings:
    path = folder / "rules" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return Settings(rules=folder / "rules")


def test_54_a_rule_that_backtracks_stops_and_says_so(tmp_path):
    """On 2,000 characters it would pass; on these it would take half a minute. Worse rules are refused when they are
    loaded (tests/gongwen/test_rulebook.py)."""
    rule = (
        "field: theme\nlabel: 活动主题\ntype: text\nzones: [body]\npatterns:\n- id: x\n  score: '0.8'\n"
        "  regex: '主办单位[：:](?P<value>(?:[一-龥]+[、，]*)+)。'\nexamples: [主办单位：云州市科协。]\n"
    )
    door = Door(tmp_path, rules=office(tmp_path, "fields/theme.yml", rule).rules)
    (door.papers / "54.txt").write_text("\n".join([*LINES[:5], "主办单位：" + "科" * 30_000 + "X。"]), encoding="utf-8")
    (outcome,) = door.ingest().outcomes
    assert (outcome.status, outcome.reason) == ("accepted", None)
    issues = door.store.reading(outcome.sha256).documents[0].issues
    assert [one.field for one in issues if one.code == "rule_timeout"] == ["theme"]


BOMB = "a: &a [x, x, x]\n" + "".join(f"{after}: &{after} [{', '.join(['*' + one] * 9)}]\n"
                                     for one, after in zip("abcdefgh", "bcdefghi", strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('- name: !!python/object/apply:os.system ["touch PWNED"]\n', 1),
        (BOMB, 1),
        ("- name: 云州市科协\n  name: 云州市科学技术协会\n", 2),
    ],
    ids=["tag", "bomb", "key twice"],
)
def test_55_a_rule_file_that_is_more_than_data_is_refused_with_its_line(tmp_path, monkeypatch, text, line):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuleError, match=rf"units/own\.yml 第 {line} 行"):
        load_rulebook(office(tmp_path, "units/own.yml", text))
    assert not (tmp_path / "PWNED").exists()


class Command:
    """What a pickle runs when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch '{self._path}'",)


def test_56_pickles_in_the_index_are_never_read(door: Door, tmp_path):
    """Every file of Whoosh's own that is one, and the catalogue that stock Whoosh would open first."""
    harm = pickle.dumps(Command(tmp_path / "PWNED"))
    (generation,) = (door.settings.corpus / "index").glob("gen-*")
    tables = [path for path in generation.iterdir() if path.suffix == ".toc"]
    assert tables
    for path in (*tables, generation / "_MAIN_99.toc", generation / "MAIN_1.toc"):
        path.write_bytes(harm)
    index = open_index(door.settings)
    try:
        assert index.search(Query("科普日活动")).total == 1
        index.rebuild(door.store)
        assert index.search(Query("科普日活动")).total == 1
    finally:
        index.close()
    assert not (tmp_path / "PWNED").exists()
    pickle.loads(harm)
    assert (tmp_path / "PWNED").exists()  # it would have run


QUERIES = {
    "prefix": "w*", "any": "?*", "range": "[a TO z]", "long": "a" * 100_000, "brackets": "(" * 5000 + "a" + ")" * 5000,
    "negations": "NOT " * 2000 + "a", "NUL": "\0", "surrogate": "\ud800", "fuzzy": "a~9",
    "slop": '"' + "a " * 3000 + '"~5000', "regex": "/.*/", "fields": "标题:" * 500, "quotes": '"' * 501,
    "one character": "科" * 100_000, "or": "甲 或 " * 3000,
}  # fmt: skip


@pytest.mark.parametrize("case", QUERIES)
def test_57_any_query_has_an_answer(case: str, index: Index, client: FlaskClient):
    text = QUERIES[case]
    page = index.search(Query(text))
    assert page.total in {0, 1}
    assert len(text) <= 200 or page.warnings
    answer = client.get("/search", query_string={"q": text.encode("utf-8", "replace")})
    assert answer.status_code in {200, 400}


NAMES = {
    "steps up": ("../../x.txt", "x.txt"), "a header": ("x\r\nSet-Cookie: a=b.txt", "Set-Cookie"),
    "a drive": ("C:\\windows\\x.txt", "x.txt"), "right to left": ("通知\u202etxt.exe", "通知"),
    "markup": ("<script>alert(1)</script>.txt", "script"), "long": ("云" * 3000 + ".txt", "云"), "none": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_58_the_name_of_an_upload_is_kept_as_words(case: str, door: Door, client: FlaskClient):
    name, holds = NAMES[case]
    accepted = receive(door.settings, io.BytesIO(f"关于{case}的通知".encode()), name, "何立")
    path = door.store.object_path(accepted.sha256)
    assert path.relative_to(door.store.root).parts[0] == "objects"
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0
    with door.journal() as journal:
        shown = journal.name_of(accepted.sha256)
    assert shown.isprintable() and holds in shown
    door.ingest(door.papers)
    with door.journal() as journal:
        row = journal.row(accepted.sha256)
    assert row is not None and row.is_done
    if row.state == "indexed":
        reading = door.store.reading(accepted.sha256)
        with client.get(f"/d/{reading.documents[0].id}/original") as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "Set-Cookie" not in answer.headers
            assert not set(answer.headers["Content-Disposition"]) & set("\r\n\u202e/\\<>")


def test_58_an_upload_beyond_its_size_is_refused(door: Door):
    small = Settings(corpus=door.settings.corpus, free_space_mb=0, max_file_mb=1)
    before = door.store.object_count()
    with pytest.raises(SourceError) as caught:
        receive(small, io.BytesIO(bytes((1 << 20) + 1)), "big.pdf", "何立")
    assert caught.value.code == "too_large"
    assert door.store.object_count() == before


@pytest.mark.parametrize("address", ["/", "/search", "/state", "/d/none", "/d/none/original"])
def test_58_the_site_takes_nothing(address: str, client: FlaskClient):
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    file = part % (b'f"; filename="../../x.pdf', bytes(6_000_000))
    many = b"".join(part % (b"k%d" % at, b"v") for at in range(1001))
    for body in (file + b"--b--", many + b"--b--"):
        answer = client.post(address, data=body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code in {405, 413}
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.open(address, method=method).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "[::1", ""])
def test_59_a_foreign_host_is_refused(host: str, client: FlaskClient):
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_59_what_a_request_says_of_its_origin_changes_nothing(client: FlaskClient):
    plain = client.get("/search?q=科普日")
    for at in range(100):
        answer = client.get("/search?q=科普日", headers={
            "X-Forwarded-For": f"10.0.0.{at}", "X-Forwarded-Host": "evil.example", "X-Real-IP": "127.0.0.1",
            "Cookie": "session=eyJfdXNlcl9pZCI6IjEifQ.saved-before-logout",
        })  # fmt: skip
        assert (answer.status_code, answer.get_data()) == (plain.status_code, plain.get_data())
        assert "evil.example" not in answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers
