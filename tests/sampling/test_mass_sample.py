from collections import Counter

import pytest
from click.testing import CliRunner
from sample_kit import closed, records, text_of, values

from gongwen.cli.sample import command
from gongwen.sampling.mass import papers
from gongwen.sampling.writers import plain
from gongwen.yamlio import load_data

MADE = list(papers(300, seed=7, forms=("txt",)))
TEXTS = [plain.write(made.paper, made.style) for made in MADE]


def test_no_text_comes_twice():
    assert len(set(TEXTS)) == len(TEXTS)
    assert len({made.name for made in MADE}) == len(MADE)


def test_paragraphs_differ_between_documents():
    """Names and numbers alone do not make a text of its own."""
    count = Counter(line for text in TEXTS for line in set(text.split("\n")) if len(line) > 60)
    assert sum(times > 1 for times in count.values()) < len(count) / 20


def test_the_seed_settles_everything():
    def again(seed):
        return [plain.write(made.paper, made.style) for made in papers(20, seed=seed, forms=("txt",))]

    assert again(7) == TEXTS[:20]
    assert again(8) != TEXTS[:20]


def test_years_bodies_and_lengths_spread():
    golds = [made.paper.gold for made in MADE]
    assert len({gold["issue_date"][:4] for gold in golds}) >= 15
    assert len({gold["issuers"][0] for gold in golds}) >= 200
    assert len({gold["doc_type"] for gold in golds}) >= 5
    lengths = sorted(len(text) for text in TEXTS)
    assert lengths[-1] > 6 * lengths[0]


@pytest.mark.parametrize("place", range(0, 300, 6))
def test_gold_values_stand_in_the_text(place):
    text = closed(TEXTS[place])
    gold = MADE[place].paper.gold
    assert [pair for pair in values(gold) if closed(pair[1]) not in text] == []


def test_the_command_writes_what_was_asked_for(tmp_path):
    asked = ["--count", "12", "--formats", "txt,html,md,docx,pdf,ofd", "--gold"]
    run = CliRunner().invoke(command, [str(tmp_path), *asked])
    assert run.exit_code == 0, run.output
    golds = sorted(tmp_path.rglob("*.gold.yaml"))
    files = [path for path in tmp_path.rglob("*.*") if path not in golds]
    assert len(golds) == len(files) == 12
    for path in files:
        gold = load_data(path.with_name(f"{path.stem}.gold.yaml").read_text(encoding="utf-8"))
        text = closed(text_of(path))
        assert all(closed(value) in text for record in records(gold) for _field, value in values(record))


def test_the_command_refuses_a_format_it_does_not_know(tmp_path):
    for asked in (["--formats", "exe"], ["--formats", "doc", "--count", "3"]):
        run = CliRunner().invoke(command, [str(tmp_path), *asked])
        assert run.exit_code == 2
        assert "不认识的格式" in run.output


def test_the_standard_set_can_be_cut_to_some_formats(tmp_path):
    run = CliRunner().invoke(command, [str(tmp_path), "--formats", "md"])
    assert run.exit_code == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".md", ".yaml"}
