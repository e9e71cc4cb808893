"""As a colleague who may not see some papers would: every way to a hidden paper's words, or to the knowledge that it is
there, tried over real HTTP against `gongwen serve` with rules of access."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from draft.workshop.drafts import Drafts
from gongwen.accounts.accounts import Accounts
from gongwen.record import record_id
from tests.accounts_kit import PASSWORD
from tests.faults.intruding import Server, serving

from corpus_kit import Made, make  # isort: skip  (found by the kit)
from papers_kit import letter, plan  # isort: skip

SECRET = "白鹭工程"
NUMBER = "云科协字〔2023〕77号"
RULES = """
- name: 内部公文
  disclosure: [不予公开]
  units: [办公室]
"""
PEOPLE = (
    *((role, role, ()) for role in ("viewer", "editor", "auditor", "admin")), ("inside", "editor", ("办公室",)),
    ("moved", "viewer", ("办公室",)), ("gone", "viewer", ("办公室",)),
)  # fmt: skip
LIMITED = ("viewer", "editor", "auditor", "admin")
JSON = {"Accept": "application/json"}


def hidden() -> Made:
    made = make("保密/白鹭.txt", f"""
⟦title|云州市科学技术协会关于实施{SECRET}的通知⟧
⟦document_number|{NUMBER}⟧
⟦hosts/0|云州市科技馆⟧承办{SECRET}。根据《2024年全国科普日实施方案》，请各单位配合。联系人：⟦contacts/0/name|卢远山⟧。
（⟦disclosure|不予公开⟧）
""")
    data = b"the file that somebody has in hand"
    sha256 = hashlib.sha256(data).hexdigest()
    records = copy.deepcopy(made.reading.documents)
    for at, record in enumerate(records, 1):
        record.values["id"] = record_id(sha256, at)
    reading = replace(made.reading, sha256=sha256, documents=records)
    return Made(replace(made.document, sha256=sha256), reading, data)


HIDDEN = hidden()
SECRET_ID = HIDDEN.reading.documents[0].id
SHA = HIDDEN.reading.sha256
NOBODYS_SHA = hashlib.sha256(b"nobody has this").hexdigest()
NOBODYS_ID = record_id(NOBODYS_SHA, 1)


class Colleagues:
    """Who is signed in, by name."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.accounts = Accounts(server.folder / "corpus")
        self.cookies: dict[str, str] = {}

    def ask(self, name: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        if name not in self.cookies:
            self.cookies[name] = self.server.sign_in(name)
        told = {key.replace("_", "-"): value for key, value in headers.items()}
        for _ in range(40):
            found = self.server.ask(method, path, headers={"Cookie": self.cookies[name], **told})
            if found[0] != 503:
                return found
        raise AssertionError(f"{path} stays busy")

    def post(self, who: str, path: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
        self.ask(who, "/account")
        token, _ = self.server.form("/account", self.cookies[who])
        return self.server.post(path, self.cookies[who], form_token=token, **fields)

    def token(self, name: str, *rights: str) -> dict[str, str]:
        user = self.accounts.named(name)
        assert user is not None
        key = self.accounts.tokens.issue(user.id, uuid.uuid4().hex, rights, self.accounts.clock())
        return {"Authorization": f"Bearer {key}", **JSON}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Colleagues]:
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "access.yml").write_text(RULES, encoding="utf-8")
    made = [plan(2024, 12), plan(2023, 12), letter(2024), HIDDEN]
    with serving(folder, made, PEOPLE, GONGWEN_ACCESS=str(folder / "access.yml"), GONGWEN_LIMITS="off") as server:
        found = Colleagues(server)
        assert SECRET.encode() in found.ask("inside", f"/d/{SECRET_ID}")[2], "who may see it does"
        yield found


def plain(answer: tuple[int, dict[str, str], bytes], *names: str) -> tuple[int, dict[str, str], bytes]:
    """Without what is of the moment or was typed."""
    status, headers, body = answer
    body = re.sub(rb'name="form_token" value="[^"]+"', b"", body)
    for name in names:
        for form in (name, quote(name)):
            body = body.replace(form.encode(), b"-")
            headers = {key: value.replace(form, "-") for key, value in headers.items()}
    kept = {key: value for key, value in headers.items() if key not in {"date", "set-cookie"}}
    return status, kept, body


WITH_PAPER = (
    "/d/{}", "/d/{}?view=text", "/d/{}?full=1", "/d/{}?review=1", "/d/{}/acts", "/d/{}/original", "/d/{}/page/1",
    "/d/{}/page/1.webp", "/d/{}/value/title", "/similar/{}", "/drafts/look/{}/0", "/drafts/new?paper={}",
    "/drafts/new?prior={}", "/api/v1/documents/{}", "/api/v1/documents/{}/original", "/n/{}", "/upload/state?id={}",
    "/api/v1/files?id={}", "/state/{}/original", "/audit/changes?one={}",
)  # fmt: skip


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_1_a_hidden_paper_answers_as_one_that_was_never_there(office: Colleagues, name: str, method: str) -> None:
    """Status, every header (Allow, Content-Length, ETag) and every byte, whatever the method."""
    for path in WITH_PAPER:
        for known, unknown in ((SECRET_ID, NOBODYS_ID), (SHA, NOBODYS_SHA)):
            mine = plain(office.ask(name, path.format(known), method), known, known[:16])
            assert mine == plain(office.ask(name, path.format(unknown), method), unknown, unknown[:16]), path
            assert SECRET.encode() not in mine[2], path


@pytest.mark.parametrize(
    "more",
    [{"If_None_Match": f'"{SHA}"'}, {"If_None_Match": "*"}, {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
     {"Range": "bytes=0-9"}, {"If_Range": f'"{SHA}"', "Range": "bytes=0-9"}, {"If_Match": f'"{SHA}"'}],
)  # fmt: skip
def test_2_conditions_and_ranges_tell_nothing(office: Colleagues, more: dict[str, str]) -> None:
    for path in ("/d/{}/original", "/api/v1/documents/{}/original", "/d/{}/page/1.webp", "/d/{}"):
        mine = office.ask("viewer", path.format(SECRET_ID), **more)
        assert mine[0] == 404 and "etag" not in mine[1] and "last-modified" not in mine[1], path


OVER_ALL = (
    "/drafts", "/drafts/new", "/audit", "/audit/matrix", "/audit/citations", "/audit/people", "/audit/missing",
    "/audit/gaps", "/audit/gaps.xlsx", "/audit/gaps.csv", "/audit/gaps.docx", "/audit/gaps.zip", "/audit/doubles.csv",
    "/check", "/state", f"/state/{SHA}/original", "/rules", "/rules/title", "/rules/jobs/1", "/trail", "/trail.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", LIMITED)
def test_3_what_tells_of_the_whole_corpus_is_closed(office: Colleagues, name: str) -> None:
    """Workshop, audit with its tables, bundles and gaps in numbers, checks, intake, trials of rules, the trail."""
    for path in OVER_ALL:
        status, _, body = office.ask(name, path)
        assert status == 403 and SECRET.encode() not in body, path


def test_4_drafts_that_others_made_of_it_are_closed(office: Colleagues) -> None:
    prior = plan(2023, 12).reading.documents[0].id
    status, _, _ = office.post("inside", "/drafts", year="2025", superior=SECRET_ID, **{"from": prior})
    assert status == 303
    drafts = [one.id for one in Drafts(office.server.folder / "corpus").all()]
    assert len(drafts) == 1
    for draft in drafts:
        for path in (f"/drafts/{draft}", f"/drafts/{draft}/draft.docx", f"/drafts/{draft}/acts",
                     f"/drafts/{draft}/take?paper={SECRET_ID}"):  # fmt: skip
            for name in LIMITED:
                told = office.ask(name, path)
                assert told[0] == 403 and SECRET.encode() not in told[2], path
        assert office.post("editor", f"/drafts/{draft}/act", verb="add", paper=SECRET_ID, start="0")[0] == 403


def test_5_pasting_its_number_into_the_check_tells_nothing(office: Colleagues) -> None:
    told = office.post("editor", "/check", text=f"根据《通知》（{NUMBER}）精神")
    assert told[0] == 403


@pytest.mark.parametrize("said", [NUMBER, "云科协字〔2023〕78号", SECRET, "白鹭工呈", "bailu", "卢远山", "blgc"])
def test_7_searches_suggestions_and_corrections(office: Colleagues, said: str) -> None:
    for path in ("/search?q={}", "/suggest?q={}", "/n/{}", "/api/v1/search?q={}", "/people?q={}", "/series?q={}",
                 "/search?number={}", f"/search?q={quote('文号')}:{{}}", f"/search?q={quote('人名')}:{{}}",
                 "/people/{}", "/units/{}"):  # fmt: skip
        status, headers, body = office.ask("viewer", path.format(quote(said)), **JSON)
        told = body.decode() + headers.get("location", "")
        assert SECRET_ID not in told and SHA[:16] not in told, path
        assert "实施白鹭" not in told, path
        if status == 200 and path.startswith(("/search", "/api")):
            assert SECRET not in json.dumps(json.loads(body)["hits"], ensure_ascii=False), path


@pytest.mark.parametrize("said", ["-科普", "科普 OR 白鹭", "NOT 没有", '"的"', "年份:2023", "公开方式:不予公开",
                                  "a*", "的"])
def test_8_no_query_counts_it(office: Colleagues, said: str) -> None:
    """Counts, facets and bars of any expression are those of a corpus without it: they add up to what can be opened."""
    _, _, body = office.ask("viewer", f"/api/v1/search?q={quote(said)}")
    told = json.loads(body)
    assert told["total"] == len({hit["id"] for hit in told["hits"]}) <= 3
    assert all(office.ask("viewer", hit["url"])[0] == 200 for hit in told["hits"])
    assert not any(one["value"] == "不予公开" for one in told["facets"].get("disclosure", ()))


def test_9_pages_of_visible_papers_do_not_point_to_it(office: Colleagues) -> None:
    """It cites the plan and names its host: citing papers, relations of units, the calendar, doubts, the overview."""
    for one in (plan(2024, 12), plan(2023, 12), letter(2024)):
        paper = one.reading.documents[0].id
        for path in (f"/d/{paper}", f"/api/v1/documents/{paper}", f"/similar/{paper}"):
            body = office.ask("viewer", path)[2]
            assert SECRET.encode() not in body and SECRET_ID.encode() not in body, path
    for path in ("/overview", "/overview/doubts", "/calendar?year=2023", "/calendar.ics?year=2023", "/units", "/people",
                 "/units/云州市科技馆", "/series", "/", "/search.csv?q=", "/review", "/review/acts"):  # fmt: skip
        for name in ("viewer", "editor"):
            body = office.ask(name, quote(path, safe="/?=&."))[2]
            assert SECRET.encode() not in body and "卢远山".encode() not in body, path


def test_10_programs_of_who_may_not_see_it(office: Colleagues) -> None:
    for name in LIMITED:
        headers = office.token(name, "read", "export", "unmask", "upload")
        for path in (f"/api/v1/documents/{SECRET_ID}", f"/api/v1/documents/{SECRET_ID}/original"):
            assert office.server.ask("GET", path, headers=headers)[0] == 404
        found = office.server.ask("GET", f"/api/v1/search?q={quote(SECRET)}", headers=headers)
        assert found[0] == 200 and json.loads(found[2])["hits"] == []
        files = office.server.ask("GET", f"/api/v1/files?id={SHA}", headers=headers)
        assert files[0] == 403 or SHA.encode() not in files[2]


def test_11_a_saved_search_of_somebody_else(office: Colleagues) -> None:
    office.post("inside", "/saved", name="白鹭", query=f"q={SECRET}")
    _, _, page = office.ask("inside", "/saved")
    feed = re.search(rb"/saved/[0-9a-f]+\.atom", page)
    assert feed is not None
    assert SECRET.encode() in office.ask("inside", feed[0].decode())[2]
    for name in LIMITED:
        assert office.ask(name, feed[0].decode())[0] == (403 if name == "auditor" else 404)
        assert office.post(name, feed[0].decode().replace(".atom", "/delete"))[0] in {403, 404}
    assert office.ask("inside", feed[0].decode())[0] == 200


def test_12_who_changes_office_sees_it_no_longer_at_once(office: Colleagues) -> None:
    """The session goes on or ends; the sight does not."""
    assert office.ask("moved", f"/d/{SECRET_ID}")[0] == 200
    user = office.accounts.named("moved")
    assert user is not None
    office.accounts.change(user.id, role="viewer", units=("财务科",))
    again = office.ask("moved", f"/d/{SECRET_ID}")
    assert again[0] in {302, 404} and SECRET.encode() not in again[2]
    office.cookies["moved"] = office.server.sign_in("moved")
    assert office.ask("moved", f"/d/{SECRET_ID}")[0] == 404


def test_13_who_left_is_out_with_every_token(office: Colleagues) -> None:
    headers = office.token("gone", "read")
    assert office.ask("gone", f"/d/{SECRET_ID}")[0] == 200
    assert office.server.ask("GET", f"/api/v1/documents/{SECRET_ID}", headers=headers)[0] == 200
    user = office.accounts.named("gone")
    assert user is not None
    office.accounts.change(user.id, disabled=True)
    assert office.ask("gone", f"/d/{SECRET_ID}")[0] == 302
    assert office.server.ask("GET", f"/api/v1/documents/{SECRET_ID}", headers=headers)[0] == 401
    token, cookies = office.server.form("/signin")
    assert office.server.post("/signin", cookies, form_token=token, name="gone", password=PASSWORD)[0] == 401


def test_14_the_log_names_neither(office: Colleagues) -> None:
    office.ask("viewer", f"/search?q={quote(SECRET)}")
    assert SECRET.encode() not in Path(office.server.log).read_bytes()
