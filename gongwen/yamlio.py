"""The one YAML loader and the one dumper.

Loading: every scalar is a string (0772 is a phone prefix, not 506); equal keys, tags, aliases, files over 256 kB
and nesting over 20 are errors with their line. Dumping: plain data as JSON knows it; `load_data` reads it back with
null, booleans and numbers, for files that only this dumper writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from gongwen.errors import RuleError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20


_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StringLoader(_BASE):  # type: ignore[misc, valid-type]
    """Scalars stay strings; nothing is guessed."""


_StringLoader.yaml_implicit_resolvers = {}


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_StringLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str, name: str = "YAML") -> Any:
    """Data of mappings, lists and strings. Raises RuleError naming the file and the line."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise RuleError(f"{name}: 文件超过 {MAX_BYTES // 1024} KB，请拆成几个文件")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_BASE):
            where = f"{name} 第 {event.start_mark.line + 1 if event.start_mark else 0} 行"
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise RuleError(f"{where}：不能用 & 和 * 引用，请把内容写全")
            if getattr(event, "tag", None) and not getattr(event, "implicit", True):
                raise RuleError(f"{where}：不能用 ! 标记，请加引号或删去")
            if isinstance(event, yaml.ScalarEvent) and event.tag is not None:
                raise RuleError(f"{where}：不能用 ! 标记，请加引号或删去")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise RuleError(f"{where}：嵌套超过 {MAX_DEPTH} 层")
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        return yaml.load(text, Loader=_StringLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" 第 {mark.line + 1} 行" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise RuleError(f"{name}{line}：YAML 写法有误，请检查缩进、冒号和引号（{problem}）") from error


def load_file(path: Path) -> Any:
    try:
        return load(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: 第 {error.start} 字节处不是 UTF-8，请另存为 UTF-8 编码") from error


class _Dumper(yaml.SafeDumper):
    """Block style, Chinese as it is, strings quoted whenever YAML 1.1 would read them as anything else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # U+0085, U+2028, U+2029 and control characters survive only as escapes in double quotes.
    hard = any(char in "\x85\u2028\u2029\ufeff" or (char < " " and char != "\n") for char in text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if hard else None)


_Dumper.add_representer(str, _string)


def dump(data: Any) -> str:
    """Plain data (dict, list, str, int, float, bool, None) as YAML; `load_data(dump(x)) == x`."""
    text: str = yaml.dump(_plain(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4096)
    return text


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(one) for one in data]
    return data


def load_data(text: str) -> Any:
    """What `dump` wrote, with null, booleans and numbers; only for files of our own making."""
    return yaml.load(text, Loader=_BASE)
