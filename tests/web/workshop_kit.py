"""A workshop over the papers of the invented corpus that stand in two years, and forms sent as a browser sends them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus_kit import PlainFinder, new_store
from dom_kit import tree
from flask import Flask
from flask.testing import FlaskClient
from papers_kit import plan

from draft.workshop.work import Work
from gongwen.settings import Settings
from web.app import create_app
from web.workshop import Workshop

WHO = "林若溪"
SIGNED = "林若溪（未登录）"


class Drafting:
    """A site with a workshop, asked as a person at a browser would."""

    def __init__(self, folder: Path) -> None:
        self.made = [plan(2022, 36), plan(2023, 44)]
        self.store = new_store(folder, self.made)
        self.workshop = Workshop.over(folder)
        self.app: Flask = create_app(
            Settings(corpus=folder, network_disk=True), papers=self.store, finder=PlainFinder(self.made),
            drafting=self.workshop,
        )  # fmt: skip
        self.client: FlaskClient = self.app.test_client()

    @property
    def ids(self) -> list[str]:
        return [one.reading.documents[0].id for one in self.made]

    def token(self, address: str, client: FlaskClient | None = None) -> str:
        return str(tree((client or self.client).get(address)).xpath("//input[@name='form_token']/@value")[0])

    def start(self) -> str:
        """A draft of both years for 2024; its id."""
        address = f"/drafts/new?from={self.ids[1]}&from={self.ids[0]}"
        data = {"from": self.ids, "year": "2024", "superior": "", "who": WHO, "form_token": self.token(address)}
        answer = self.client.post("/drafts", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"].rpartition("/")[2])

    def work(self, draft: str) -> Work:
        found = self.workshop.drafts.get(draft)
        assert found is not None
        return found.work

    def act(self, draft: str, *, client: FlaskClient | None = None, who: str = "", json: bool = False,
            **form: Any) -> Any:  # fmt: skip
        """Send a form of the draft's page."""
        client = client or self.client
        token = self.token(f"/drafts/{draft}", client)
        headers = {"Accept": "application/json"} if json else {"Accept": "text/html"}
        data = {"form_token": token, **({"who": who} if who else {}), **form}
        return client.post(f"/drafts/{draft}/act", data=data, headers=headers)

    def settle(self, draft: str, target: str, verb: str, text: str = "", **more: Any) -> Any:
        found = self.work(draft).find(target)
        assert found is not None
        return self.act(draft, verb=verb, target=target, text=text, line=found[0].id, seen=str(found[0].seen), **more)
