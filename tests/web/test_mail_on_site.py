"""Private mail addresses by role: starred in every page, table and answer, in full only for who may, and noted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from account_kit import ROLES, Site
from corpus_kit import make

from index.suggesting import Suggestion
from tests.accounts_kit import quick_hashes  # noqa: F401  (a fixture)
from web.ports import NoAids

NAME = "lrx2024"
ADDRESS = f"{NAME}@qq.com"
OFFICE = "kpb@yunzhou.gov.cn"
PAPER = f"""
⟦title|关于向{ADDRESS}报送科普材料的通知⟧
材料由⟦hosts/0|云州市科学技术协会⟧汇总。联系人：⟦contacts/0/name|何立⟧，邮箱：⟦contacts/0/email|{ADDRESS}⟧。
单位邮箱：⟦contacts/1/email|{OFFICE}⟧。
"""
JSON = {"Accept": "application/json"}


class Aids(NoAids):
    paper = ""

    def suggest(self, text: str, visible: object = None) -> tuple[Suggestion, ...]:
        title = f"关于向{ADDRESS}报送科普材料的通知"
        return (Suggestion("title", title, title, self.paper),)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = [make("报送.txt", PAPER)]
    aids = Aids()
    aids.paper = made[0].reading.documents[0].id
    found = Site(tmp_path / "corpus", made, aids=aids)
    found.people()
    return found


def body(site: Site, role: str, path: str, **headers: str) -> str:
    with site.as_(role).get(path, headers=headers) as answer:
        data = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return data.decode("utf-8")


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_lists_tables_and_answers_star_the_name(site: Site, role: str) -> None:
    paper = site.made[0].reading.documents[0].id
    paths = ["/search?q=科普", "/search.csv?q=科普", "/search.xlsx?q=科普", "/suggest?q=关于", f"/d/{paper}",
             f"/d/{paper}?view=text", "/api/v1/search?q=科普", f"/api/v1/documents/{paper}"]  # fmt: skip
    for path in paths:
        told = body(site, role, path)
        assert NAME not in told and "l******@qq.com" in told, path
    for path in (f"/d/{paper}", "/search?q=科普"):
        assert NAME not in body(site, role, path, **JSON), path
    assert OFFICE in body(site, role, f"/d/{paper}")


def test_a_search_for_the_name_marks_stars(site: Site) -> None:
    for said in (ADDRESS, NAME):
        told = body(site, "viewer", f"/api/v1/search?q={said}")
        assert NAME not in told.split('"hits"')[1]
        assert "l******" in told


@pytest.mark.parametrize("role", ROLES)
def test_in_full_by_role_and_noted(site: Site, role: str) -> None:
    paper, may = site.made[0].reading.documents[0].id, role != "viewer"
    for path in (f"/d/{paper}?full=1&view=text", f"/api/v1/documents/{paper}?full=1"):
        assert (ADDRESS in body(site, role, path)) == may, path
    assert site.acts().count((role, "unmask")) == (2 if may else 0)
    with site.as_(role).get(f"/d/{paper}/original") as original:
        assert original.status_code == (200 if may else 403)


def test_an_original_with_an_office_address_only_is_for_everybody(tmp_path: Path) -> None:
    made = [make("联系.txt", f"⟦title|联系方式的通知⟧\n邮箱：⟦contacts/0/email|{OFFICE}⟧。")]
    site = Site(tmp_path / "corpus", made)
    site.people()
    with site.as_("viewer").get(f"/d/{made[0].reading.documents[0].id}/original") as answer:
        assert answer.status_code == 200
