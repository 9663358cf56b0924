"""Mutants made of the code: each guard that refuses or leaves, and each argument by which rows are chosen."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHOOSE = {"filter", "exclude"}


@dataclass(frozen=True)
class Change:
    """In the file `path`, `new` instead of `old`, which stands there once; or, with a place, at that place."""

    path: str
    old: str
    new: str
    at: int = -1

    def fits(self, project: Path) -> bool:
        text = (project / self.path).read_text()
        return text.count(self.old) == 1 if self.at < 0 else text[self.at :].startswith(self.old)

    def made_in(self, text: str) -> str:
        at = text.index(self.old) if self.at < 0 else self.at
        return text[:at] + self.new + text[at + len(self.old) :]


def guards(project: Path, path: str) -> Iterator[tuple[str, Change]]:
    text = (project / path).read_text()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(line: int, column: int) -> int:
        """ast counts columns in bytes."""
        start = starts[line - 1]
        return start + len(text[start : starts[line]].encode()[:column].decode())

    def change(node: ast.expr | ast.keyword, new: str) -> tuple[str, Change]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
        what = f"line {node.lineno}: {' '.join(text[start:end].split())} -> {new or 'left out'}"
        if not new:
            end += 1 if text[end] == "," else 0
        return what, Change(path, text[start:end], new, start)

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.If) and _leaves(node):
            yield change(node.test, "False")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHOOSE:
            yield from (change(keyword, "") for keyword in node.keywords if keyword.arg)


def _leaves(node: ast.If) -> bool:
    """Whether it is a guard: it refuses, or answers or goes on at once."""
    return not node.orelse and isinstance(node.body[-1], ast.Raise | ast.Return | ast.Continue)
