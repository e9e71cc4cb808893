"""Answers are packed for whom it is safe, and are the same when unpacked."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

CSS = "/static/gongwen.css"
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("address", ["/search?q=科普", "/", "/help", CSS, "/bootstrap/static/css/bootstrap.min.css"])
def test_a_browser_gets_the_same_packed(client: FlaskClient, address: str):
    plain = client.get(address, buffered=True)
    packed = client.get(address, headers=BROWSER, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    if address != "/search?q=科普":  # its form holds a token of this browser
        assert gzip.decompress(packed.data) == plain.data
    assert "</html>" in gzip.decompress(packed.data).decode()[-20:] or address.endswith("css")


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_pages_are_not_packed_for_what_another_site_may_have_asked(client: FlaskClient, site: str | None):
    headers = {"Accept-Encoding": "gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    assert "Content-Encoding" not in client.get("/search?q=科普", headers=headers).headers
    assert client.get(CSS, headers=headers, buffered=True).headers["Content-Encoding"] == "gzip"


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient):
    first = client.get(CSS, headers=BROWSER, buffered=True)
    assert first.headers["ETag"].startswith("W/")
    again = client.get(CSS, headers=BROWSER | {"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    assert again.data == b""


def test_originals_pictures_and_small_answers_are_left_as_they_are(client: FlaskClient, made):
    paper = f"/d/{made[4].reading.documents[0].id}/original"
    for address in (paper, "/static/mark.svg", "/health"):
        answer = client.get(address, headers=BROWSER, buffered=True)
        assert "Content-Encoding" not in answer.headers, address
    assert client.get(paper, headers=BROWSER, buffered=True).data == made[4].data


def test_part_of_a_file_is_a_part_of_the_file_itself(client: FlaskClient):
    answer = client.get(CSS, headers=BROWSER | {"Range": "bytes=0-9"}, buffered=True)
    assert answer.status_code == 206
    assert answer.data == client.get(CSS, buffered=True).data[:10]


def test_a_browser_that_wants_none_gets_none(client: FlaskClient):
    for wish in ("", "identity", "gzip;q=0", "br"):
        answer = client.get(CSS, headers={"Accept-Encoding": wish}, buffered=True)
        assert "Content-Encoding" not in answer.headers
