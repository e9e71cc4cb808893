"""Which files of a folder are meant."""

import pytest

from ingest.walk import walk


@pytest.mark.parametrize(
    "name", ["Thumbs.db", "thumbs.db", "desktop.ini", "Desktop.ini", ".DS_Store", "~$a.docx", "._通知.docx", "Icon\r"],
)
def test_what_systems_leave_in_folders_is_not_meant(tmp_path, name):
    (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "通知.txt").write_text("x", encoding="utf-8")
    assert [found.name for found in walk([tmp_path], settle=False)] == ["通知.txt"]


def test_a_file_named_by_the_person_is_always_meant(tmp_path):
    path = tmp_path / "desktop.ini"
    path.write_text("x", encoding="utf-8")
    assert [found.name for found in walk([path], settle=False)] == ["desktop.ini"]
