"""Pages of the original beside the fields: places of values on them, what stays covered, what is not drawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from corpus_kit import Made, make
from dom_kit import links, texts, tree
from pictures_kit import (
    BAR,
    PHONE,
    TITLE,
    VALUES,
    address,
    contacts,
    covered,
    ink,
    letter,
    long_paper,
    made_of,
    pixels,
    places,
    read_pdf,
    sheet_pdf,
    site,
)  # fmt: skip

from gongwen.document import PageSize
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.pictures.wish import Busy, Wish

JSON = {"Accept": "application/json"}
PART = {"X-Part": "1"}


def numbers(page: object) -> list[int]:
    """Pages that are shown with their picture."""
    return [int(one) for one in page.xpath("//li[not(contains(@class, 'far'))]/@data-page")]  # type: ignore[attr-defined]


def give(data: bytes = b"picture") -> Callable[[Path, Wish], bytes]:
    return lambda path, wish: data


# --- two looks --------------------------------------------------------------------------------------------


def test_pages_and_text_can_be_switched_and_linked(tmp_path):
    made = letter(pages=3)
    client, _ = site(tmp_path, made)
    here = address(made)
    pages = tree(client.get(here))
    assert pages.xpath("//nav[@class='looks']/a[@aria-current]/text()") == ["原貌"]
    assert not pages.xpath("//article") and len(pages.xpath("//div[@data-sheets]")) == 1
    assert links(pages)["文字"] == f"{here}?view=text#page-1"
    text = tree(client.get(f"{here}?view=text"))
    assert text.xpath("//nav[@class='looks']/a[@aria-current]/text()") == ["文字"]
    assert text.xpath("//article") and not text.xpath("//img")
    assert text.xpath("//p[@id='page-2']")
    assert links(text)["原貌"] == f"{here}?view=pages&page=1"
    assert links(tree(client.get(f"{here}?view=pages&page=3&full=1")))["文字"] == f"{here}?view=text&full=1#page-3"


@pytest.mark.parametrize("query", ["?view=nonsense", "?page=99", "?page=x", "?page=-1", "?view=pages&page="])
def test_what_cannot_be_meant_is_the_first_page(tmp_path, query):
    made = letter(pages=2)
    client, _ = site(tmp_path, made)
    assert numbers(tree(client.get(address(made) + query))) == [1, 2]


def test_formats_without_pages_stay_as_they_are(tmp_path):
    made = [make("通知.txt", "⟦title|通知⟧", media_type="text/plain"), make("通知.pdf", "⟦title|通知⟧")]
    client, _ = site(tmp_path, *made)
    for one in made:
        page = tree(client.get(address(one)))
        assert page.xpath("//article") and not page.xpath("//nav[@class='looks']")
        assert client.get(f"{address(one)}/page/1.webp").status_code == 404


def test_a_site_without_a_drawer_shows_text(tmp_path):
    from corpus_kit import PlainFinder, new_store

    from gongwen.settings import Settings
    from web.app import create_app

    made = letter()
    client = create_app(Settings(), papers=new_store(tmp_path, [made]), finder=PlainFinder([made])).test_client()
    assert tree(client.get(address(made))).xpath("//article")
    assert client.get(f"{address(made)}/page/1.webp").status_code == 404


# --- places -----------------------------------------------------------------------------------------------


def test_every_value_has_its_box_with_a_name_and_the_way_back(tmp_path):
    made = letter("主动公开")
    client, _ = site(tmp_path, made)
    page = tree(client.get(address(made)))
    anchors = {one.get("id"): one for one in page.xpath("//*[@id]")}
    assert len(anchors) == len(page.xpath("//*[@id]"))
    for path, words in VALUES.items():
        (value,) = page.xpath(f"//a[@data-path='{path}']")
        spot = anchors[value.get("href")[1:]]
        assert path in spot.get("data-paths").split()
        assert spot.get("aria-label").endswith(f"：{words}") and spot.xpath("title")[0].text == spot.get("aria-label")
        assert anchors[spot.get("href")[1:]] is value
        assert value.get("data-page") == "1"
    assert page.xpath("//a[@data-paths='contacts/0/phones/0']/@aria-label") == [
        f"联系方式（第1项）电话：{PHONE}",
    ]  # fmt: skip


def test_boxes_lie_on_the_page_in_its_own_measure(tmp_path):
    made = letter("主动公开")
    client, _ = site(tmp_path, made)
    page = tree(client.get(address(made)))
    assert page.xpath("//svg/@viewbox|//svg/@viewBox") == ["0 0 595.0 842.0"]
    (shape,) = page.xpath("//a[@data-paths='title']/polygon/@points")
    corners = [tuple(map(float, one.split(","))) for one in shape.split()]
    (box,) = made.document.boxes(made.reading.documents[0].evidence["title"][0].span)
    assert corners[0] == pytest.approx((box.x0 - 1.5, box.top - 1.5), abs=0.1)
    assert corners[2] == pytest.approx((box.x1 + 1.5, box.bottom + 1.5), abs=0.1)


def test_what_holds_another_comes_before_it(tmp_path):
    """The one that is drawn later can be pointed at."""
    data = sheet_pdf(contacts)
    made = made_of(read_pdf(data), data, ({"title": TITLE, "doc_type": "通知", "theme": "报送联络员名单"}, None, None))
    client, _ = site(tmp_path, made)
    assert tree(client.get(address(made))).xpath("//a[contains(@class, 'spot')]/@data-paths") == [
        "title", "theme", "doc_type",
    ]  # fmt: skip


def test_words_of_a_file_stay_words(tmp_path):
    payload = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
    made = letter("主动公开")
    made.reading.documents[0].values["title"] = payload
    client, _ = site(tmp_path, made)
    page = tree(client.get(address(made)))
    assert not page.xpath("//script[not(@src)]") and not page.xpath("//@onerror|//@style|//style")
    assert any(payload[:20] in label for label in page.xpath("//a/@aria-label"))


def lying(made: Made, angle: float) -> Made:
    return replace(made, document=replace(made.document, pages=(PageSize(1, 595.0, 842.0, angle),)))


def test_a_scan_that_lay_is_shown_upright_with_its_boxes(tmp_path):
    made = lying(letter("主动公开"), 90.0)
    asked: list[Wish] = []
    client, _ = site(tmp_path, made, draw=lambda path, wish: asked.append(wish) or b"picture")
    page = tree(client.get(address(made)))
    assert page.xpath("//svg/@viewbox|//svg/@viewBox") == ["0 0 842.0 595.0"]
    assert page.xpath("//img/@width|//img/@height") == ["842", "595"]
    assert "（扫描时横放，已转正）" in texts(page, "leaf-no")[0]
    client.get(f"{address(made)}/page/1.webp")
    assert asked[0].turn == 1 and asked[0].page == (595.0, 842.0)
    (quad,) = made.document.quads(made.reading.documents[0].evidence["title"][0].span)
    shape = page.xpath("//a[@data-paths='title']/polygon/@points")[0]
    xs, ys = zip(*(map(float, one.split(",")) for one in shape.split()), strict=True)
    assert (min(xs), min(ys)) == pytest.approx((quad.bounds[1] - 1.5, 595 - quad.bounds[2] - 1.5), abs=0.2)


# --- only what is near ------------------------------------------------------------------------------------


def test_three_hundred_pages_are_not_three_hundred_pictures(tmp_path):
    made = long_paper(300, {"title": "第1页的工作记录", "theme": "第211页的工作记录"})
    client, _ = site(tmp_path, made, draw=give())
    answer = client.get(address(made))
    page = tree(answer)
    assert len(answer.get_data()) < 100_000
    assert numbers(page) == [1, 2, 3] and len(page.xpath("//img")) == 3
    assert all(one.get("loading") == "lazy" for one in page.xpath("//img"))
    assert len(page.xpath("//li[contains(@class, 'far')]")) == 148
    (far,) = page.xpath("//a[@data-path='theme']")
    assert far.get("data-page") == "211"
    there = tree(client.get(far.get("href").partition("#")[0]))
    assert numbers(there) == [209, 210, 211, 212, 213]
    assert there.xpath(f"//a[@id='{far.get('href').partition('#')[2]}']/@data-paths") == ["theme"]
    assert "前面的页（到第60页）" in texts(there, "sheets-more")[0]


def test_three_thousand_pages_stay_small(tmp_path):
    made = long_paper(3000, {"title": "第1页的工作记录"})
    client, _ = site(tmp_path, made, draw=give())
    answer = client.get(f"{address(made)}?page=1500")
    assert len(answer.get_data()) < 150_000
    assert len(tree(answer).xpath("//li[@data-page]")) == 301


def test_a_page_comes_by_itself_when_the_script_asks(tmp_path):
    made = long_paper(300, {"title": "第1页的工作记录", "theme": "第211页的工作记录"})
    client, _ = site(tmp_path, made, draw=give())
    part = tree(client.get(f"{address(made)}/page/211", headers=PART))
    assert part.xpath("//@data-page") == ["211"] and part.xpath("//img/@src") == [f"{address(made)}/page/211.webp"]
    assert part.xpath("//a/@data-paths") == ["theme"]
    assert not part.xpath("//html/head/*")
    whole = client.get(f"{address(made)}/page/211")
    assert whole.status_code == 302
    assert whole.headers["Location"] == f"{address(made)}?view=pages&page=211#p-211"
    assert client.get(f"{address(made)}/page/301", headers=PART).status_code == 404


# --- what stays covered -----------------------------------------------------------------------------------


def picture_of(client, made: Made, query: str = "", page: int = 1) -> np.ndarray:
    answer = client.get(f"{address(made)}/page/{page}.webp{query}")
    assert answer.status_code == 200
    return pixels(answer.get_data())


def number_ink(made: Made, like: np.ndarray) -> np.ndarray:
    return covered(places(made.document, PHONE), made.document, ink(like))


def test_a_number_is_covered_in_the_picture_as_in_the_text(tmp_path):
    made = letter()
    client, _ = site(tmp_path, made)
    for size in ("", "&size=2"):
        barred, plain = picture_of(client, made, f"?{size}"), picture_of(client, made, f"?full=1{size}")
        here = number_ink(made, plain)
        assert 0.02 < ink(plain)[here].mean() < 0.5
        assert (np.abs(barred[here].astype(int) - BAR).max(axis=1) < 12).all()
        rows = np.flatnonzero(here.any(axis=1))
        assert (barred[: rows[0] - 15] == plain[: rows[0] - 15]).all()
        assert (barred[rows[-1] + 15 :] == plain[rows[-1] + 15 :]).all()
    assert (picture_of(client, made) == picture_of(client, made, "?full=0")).all()


def test_names_of_boxes_tell_no_more_than_the_text(tmp_path):
    made = letter()
    client, _ = site(tmp_path, made)
    for query, shown in (("", False), ("?full=1", True)):
        assert (PHONE in client.get(address(made) + query).get_data(as_text=True)) is shown
        part = client.get(f"{address(made)}/page/1{query}", headers=PART).get_data(as_text=True)
        assert (PHONE in part) is shown and ("139****0123" in part) is not shown
        assert ("full=1" in part) is shown


@pytest.mark.parametrize(("said", "score"), [("1390000O1Z3", 0.9), ("\ufffd" * 11, None)])
def test_a_number_that_was_read_wrong_is_covered_all_the_same(tmp_path, said, score):
    """The text does not know it for a number; whoever looks at the print does."""
    made = letter()
    picture = letter()
    runs = tuple(replace(run, score=score) for run in made.document.runs)
    text = made.document.text.replace(PHONE, said)
    made = replace(made, document=replace(made.document, text=text, runs=runs))
    client, _ = site(tmp_path, made)
    barred = picture_of(client, made)
    here = number_ink(picture, barred)
    assert (np.abs(barred[here].astype(int) - BAR).max(axis=1) < 12).all()
    assert "显示完整号码" in links(tree(client.get(address(made))))


def test_a_public_paper_is_shown_as_it_is(tmp_path):
    made = letter("主动公开")
    client, _ = site(tmp_path, made)
    assert (picture_of(client, made) == picture_of(client, made, "?full=1")).all()
    assert ink(picture_of(client, made))[number_ink(made, picture_of(client, made))].any()
    assert "显示完整号码" not in links(tree(client.get(address(made))))


def test_the_switch_keeps_look_and_page(tmp_path):
    made = letter(pages=3)
    client, _ = site(tmp_path, made)
    here = address(made)
    assert links(tree(client.get(f"{here}?page=2")))["显示完整号码"] == f"{here}?view=pages&page=2&full=1"
    assert links(tree(client.get(f"{here}?view=pages&page=2&full=1")))["隐藏手机号码"] == f"{here}?view=pages&page=2"
    assert links(tree(client.get(f"{here}?view=text")))["显示完整号码"] == f"{here}?view=text&full=1"


def joint(first: str | None, second: str | None) -> Made:
    """Two papers of one file: the second begins in the middle of page 1, with the line of the number."""
    data = sheet_pdf(contacts, pages=2)
    document = read_pdf(data)
    cut = document.text.index("联系人")
    return made_of(
        document, data, ({"title": TITLE}, Span(0, cut), first),
        ({"theme": "报送名单"}, Span(cut, len(document.text)), second),
    )  # fmt: skip


def test_a_page_that_two_papers_share_shows_what_both_may(tmp_path):
    made = joint("主动公开", None)
    client, _ = site(tmp_path, made)
    for query in ("", "?full=1"):  # the public paper hides nothing of its own, and lifts nothing of the other
        barred = picture_of(client, made, query)
        assert not ink(barred)[number_ink(made, barred)].mean() < 0.99
        assert (np.abs(barred[number_ink(made, barred)].astype(int) - BAR).max(axis=1) < 12).all()
    second = client.get(f"{address(made, 2)}/page/1.webp?full=1")
    assert ink(pixels(second.get_data()))[number_ink(made, pixels(second.get_data()))].mean() < 0.5


def test_a_paper_gives_its_own_pages_only(tmp_path):
    made = joint(None, None)
    client, _ = site(tmp_path, made, draw=give())
    assert numbers(tree(client.get(address(made, 1)))) == [1]
    assert numbers(tree(client.get(address(made, 2)))) == [1, 2]
    assert client.get(f"{address(made, 1)}/page/2.webp").status_code == 404
    assert client.get(f"{address(made, 1)}/page/2", headers=PART).status_code == 404


def withheld(client, made: Made, query: str = "") -> bool:
    shown = texts(tree(client.get(f"{address(made)}?page=1{query}")), "leaf-lost")
    answer = client.get(f"{address(made)}/page/1.webp?{query}")
    assert bool(shown) == (answer.status_code == 422)
    assert not shown or "显示完整号码" in shown[0]
    return bool(shown)


def test_a_number_without_a_place_keeps_its_page_back(tmp_path):
    made = letter()
    gone = replace(made.document, runs=tuple(run for run in made.document.runs if run.box.top < 290))
    made = replace(made, document=replace(gone, blocks=tuple(replace(one, page=1) for one in gone.blocks)))
    client, _ = site(tmp_path, made, draw=give())
    assert withheld(client, made)
    assert not withheld(client, made, "&full=1")
    assert "显示完整号码" in links(tree(client.get(address(made))))


def test_a_page_that_was_not_read_is_not_shown_covered(tmp_path):
    """Nobody knows what is printed on it."""
    made = letter(pages=2)
    runs = tuple(run for run in made.document.runs if run.box.page == 2)
    record = made.reading.documents[0]
    record.evidence = {}
    for reasons, is_back in ((("ocr_pages",), True), ((), False)):
        one = replace(made, document=replace(made.document, runs=runs, reasons=reasons))
        one = replace(one, document=replace(one.document, text="　" * len(one.document.text)))
        client, _ = site(tmp_path / str(is_back), one, draw=give())
        assert withheld(client, one) is is_back
        assert not withheld(client, one, "&full=1")


# --- how it is sent ---------------------------------------------------------------------------------------


def test_a_covered_picture_may_be_kept_and_asked_for_again(tmp_path):
    made = letter()
    client, _ = site(tmp_path, made, draw=give())
    answer = client.get(f"{address(made)}/page/1.webp")
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"private", "no-cache"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))
    again = client.get(f"{address(made)}/page/1.webp", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()
    assert client.get(f"{address(made)}/page/1.webp?size=2").headers["ETag"] != answer.headers["ETag"]


def test_a_picture_in_full_is_not_kept(tmp_path):
    made = letter()
    client, _ = site(tmp_path, made, draw=give())
    answer = client.get(f"{address(made)}/page/1.webp?full=1")
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers


def test_a_page_that_cannot_be_drawn_says_so_and_is_not_tried_again(tmp_path):
    made = letter(pages=2)
    asked: list[int] = []

    def broken(path: Path, wish: Wish) -> bytes:
        asked.append(wish.number)
        raise SourceError("crash", "inside /secret/path")

    client, _ = site(tmp_path, made, draw=broken)
    answer = client.get(f"{address(made)}/page/1.webp", headers=JSON)
    assert answer.status_code == 422
    assert answer.json == {"error": "这一页无法显示，请下载原件查看。", "code": 422}
    client.get(f"{address(made)}/page/1.webp?size=2")
    page = tree(client.get(address(made)))
    assert texts(page, "leaf-lost") == ["这一页无法显示，请下载原件查看。"]
    assert page.xpath("//img/@src") == [f"{address(made)}/page/2.webp"]
    assert asked == [1]
    # Without a picture there is no box to lead to: the value is still there.
    assert page.xpath("//a[@data-path='title']")


def test_a_missing_font_says_what_to_do(tmp_path):
    def lacking(path: Path, wish: Wish) -> bytes:
        raise SourceError("no_font")

    made = letter()
    client, _ = site(tmp_path, made, draw=lacking)
    assert "fonts-noto-cjk" in client.get(f"{address(made)}/page/1.webp").json["error"]


def test_too_many_at_once_are_asked_to_come_again(tmp_path, monkeypatch):
    made = letter()
    client, _ = site(tmp_path, made, draw=give())

    def busy(*args: object) -> None:
        raise Busy

    monkeypatch.setattr("ingest.pictures.gallery.Gallery.page", busy)
    answer = client.get(f"{address(made)}/page/1.webp")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_withdrawn_paper_gives_no_picture(tmp_path):
    made = letter()
    client, store = site(tmp_path, made, draw=give())
    assert client.get(f"{address(made)}/page/1.webp").status_code == 200
    store.forget(made.reading.sha256)
    for path in ("/page/1.webp", "/page/1", ""):
        assert client.get(address(made) + path, headers=PART).status_code == 404
    assert not list((store.root / "pictures").rglob("*.webp"))


def test_an_original_that_has_gone_gives_no_picture(tmp_path):
    made = letter()
    client, _ = site(tmp_path, made, draw=lambda path, wish: (_ for _ in ()).throw(SourceError("missing")))
    assert client.get(f"{address(made)}/page/1.webp").status_code == 404


def test_programs_are_told_where_the_pictures_are(tmp_path):
    made = letter(pages=2)
    client, _ = site(tmp_path, made)
    found = json.loads(client.get(address(made), headers=JSON).get_data())["pages"]
    assert [one["number"] for one in found] == [1, 2]
    assert found[0] | {} == {"number": 1, "width": 595.0, "height": 842.0,
                             "picture": f"{address(made)}/page/1.webp?size=2"}  # fmt: skip
    assert client.get(found[1]["picture"]).status_code == 200
