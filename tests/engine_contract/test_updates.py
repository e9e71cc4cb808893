from __future__ import annotations

from contract_kit import entry, found, page

from index.engine import SearchEngine


def test_an_empty_engine_answers(engine: SearchEngine):
    assert page(engine, "科普").total == 0
    assert page(engine).total == 0
    assert engine.ids() == frozenset()


def test_what_was_put_in_is_found(engine: SearchEngine):
    engine.update([entry("a", "全国科普日"), entry("b", "科技活动周")])
    assert found(engine, "科普日") == {"a"}
    assert found(engine, "科技") == {"b"}
    assert engine.ids() == {"a", "b"}


def test_an_update_replaces(engine: SearchEngine):
    engine.update([entry("a", "全国科普日", facets={"type": ("通知",)})])
    engine.update([entry("a", "科技活动周", facets={"type": ("函",)})])
    assert found(engine, "科普日") == set()
    assert found(engine, "科技活动周") == {"a"}
    assert page(engine).total == 1
    assert page(engine).facets == {"type": (("函", 1),)}


def test_of_two_entries_with_one_id_the_later_stays(engine: SearchEngine):
    engine.update([entry("a", "旧稿"), entry("b", "别的"), entry("a", "新稿")])
    assert found(engine, "旧稿") == set()
    assert found(engine, "新稿") == {"a"}
    assert page(engine).total == 2


def test_what_was_deleted_is_gone(engine: SearchEngine):
    engine.update([entry("a", "全国科普日"), entry("b", "全国科普日")])
    engine.delete(["a", "never there"])
    assert found(engine, "科普日") == {"b"}
    assert page(engine).total == 1
    assert engine.ids() == {"b"}


def test_deleted_and_put_in_again(engine: SearchEngine):
    for text in ("第一稿", "第二稿", "第三稿"):
        engine.update([entry("a", text)])
        assert found(engine, text) == {"a"}
        engine.delete(["a"])
        assert found(engine, text) == set()
    assert engine.ids() == frozenset()


def test_many_small_updates(engine: SearchEngine):
    for at in range(40):
        engine.update([entry(f"e{at % 25}", f"第{at:03}稿 公共文字")])
    assert page(engine, "公共文字").total == 25
    assert found(engine, "第039稿") == {"e14"}
    assert found(engine, "第014稿") == set()
    assert engine.ids() == {f"e{at}" for at in range(25)}


def test_an_update_of_nothing_changes_nothing(engine: SearchEngine):
    engine.update([entry("a", "全国科普日")])
    engine.update([])
    engine.delete([])
    assert found(engine, "科普日") == {"a"}


def test_a_paper_without_any_text_may_come_alone(engine: SearchEngine):
    engine.update([entry("a", "")])
    assert found(engine) == {"a"}
    engine.update([entry("b", "科普日")])
    assert found(engine, "科普日") == {"b"}
