"""Pages as trees, so that tests look at elements and not at strings."""

from __future__ import annotations

from typing import Any

from lxml import html


def tree(response: Any) -> Any:
    return html.fromstring(response.get_data(as_text=True))


def texts(page: Any, css_class: str) -> list[str]:
    """The texts of all elements of a class, white space closed."""
    found = page.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {css_class} ')]")
    return ["".join(one.text_content().split()) for one in found]


def links(page: Any) -> dict[str, str]:
    return {"".join(one.text_content().split()): one.get("href") for one in page.xpath("//a[@href]")}
