"""Breaks the core on purpose, one small change at a time, and sees whether its tests notice."""

import ast
import importlib.abc
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from torture.table import Line

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
TARGETS = {
    "claims": ("test_claims.py",),
    "importing": (
        "test_importing.py",
        "test_importing_kinds.py",
        "test_import_hostile.py",
        "test_import_every_token.py",
        "test_age_file.py",
        "test_outgoing.py",
    ),
    "vault": ("test_vault.py", "test_locksmith.py"),
    "broker": ("test_broker.py",),
    "kept": ("test_broker.py",),
}
LONGEST = 120
"""Seconds that the tests of a mutant may take at least; one that hangs was noticed."""
LONGEST_TEST = 10
"""The same for one of these tests; or ten times as long as the slowest takes unchanged."""

SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip

Spot = tuple[int, str]
"""A line, and what is changed there."""


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    module: str
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line}: {self.change}"


class _Mutator(ast.NodeTransformer):
    """Makes the change of one number; without it, lists all it could make."""

    def __init__(self, wanted: int | None) -> None:
        self._wanted = wanted
        self.spots: list[Spot] = []

    def _is_now(self, node: ast.AST, change: str) -> bool:
        self.spots.append((getattr(node, "lineno", 0), change))
        return len(self.spots) - 1 == self._wanted

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for place, op in enumerate(node.ops):
            other = SWAPS[type(op)]
            if self._is_now(node, f"{type(op).__name__} to {other.__name__}"):
                node.ops[place] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_now(node, "and to or" if isinstance(node.op, ast.And) else "or to and"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._is_now(node, "without not"):
            return node.operand
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub) and self._is_now(node, "plus and minus swapped"):
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            if self._is_now(node, f"{node.value} turned"):
                return ast.copy_location(ast.Constant(not node.value), node)
        elif isinstance(node.value, int) and self._is_now(node, f"{node.value} and one more"):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.test, ast.Name | ast.Call | ast.Attribute) and self._is_now(
            node, "condition turned"
        ):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        is_none = node.value is None or (
            isinstance(node.value, ast.Constant) and node.value.value is None
        )
        if not is_none and self._is_now(node, "returns nothing"):
            node.value = ast.Constant(None)
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(ast.Pass(), node) if self._is_now(node, "raises nothing") else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Call) and self._is_now(node, "not done"):
            return ast.copy_location(ast.Pass(), node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # Frozen, with slots or without a repr: that is how it is written down, not what it does.
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node


def mutants_of(module: str) -> list[Mutant]:
    """All mutants of a module of the core."""
    source = (ROOT / "gui/partner_tokens/core" / f"{module}.py").read_text("utf-8")
    listing = _Mutator(None)
    listing.visit(ast.parse(source))
    made = []
    for number, (line, change) in enumerate(listing.spots):
        tree = _Mutator(number).visit(ast.parse(source))
        made.append(Mutant(module, line, change, ast.unparse(ast.fix_missing_locations(tree))))
    return made


# ---- trying one -------------------------------------------------------------------------------


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"partner_tokens.core.{mutant.module}"
        self._code = compile(mutant.source, f"<mutant {mutant}>", "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> "importlib.machinery.ModuleSpec | None":
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102  # our own source, changed by us


@dataclass
class _QuickestFirst:
    """Puts the tests in order by the seconds that each takes, which it learns as they run."""

    seconds: dict[str, float] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: "list[pytest.Item]") -> None:
        items.sort(key=lambda test: self.seconds.get(test.nodeid, 0))

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration


def _survives(mutant: Mutant | None, module: str, seconds: Path, longest: float) -> bool:
    """Whether the tests pass with it, in a process of its own; with None, without any change.

    What each test takes unchanged is written to `seconds`, for the mutants.
    """
    child = os.fork()
    if not child:
        _run(mutant, module, seconds)
    ends = time.monotonic() + longest
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run(mutant: Mutant | None, module: str, seconds: Path) -> None:
    import hypothesis
    import pytest

    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    hypothesis.settings.register_profile("one pass", deadline=None, max_examples=30, database=None)
    order, longest = _QuickestFirst(), LONGEST
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
        order.seconds = json.loads(seconds.read_text("utf-8"))
        longest = max(LONGEST_TEST, 10 * round(max(order.seconds.values())))
    tests = [f"tests/core/{name}" for name in TARGETS[module]]
    code = 3
    try:
        quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
        once = ["-x", "-q", "--hypothesis-profile=one pass", f"--timeout={longest}"]
        code = int(pytest.main([*once, *quiet, *tests], plugins=[order]))
        if mutant is None:
            seconds.write_text(json.dumps(order.seconds), "utf-8")
    finally:
        os._exit(code)


def survivors(module: str, share: float, seed: int) -> Iterator[Mutant | int]:
    """The mutants that no test notices, as they are found; at last how many were tried."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        seconds = Path(folder) / "seconds.json"
        began = time.monotonic()
        if not _survives(None, module, seconds, 10 * LONGEST):
            raise RuntimeError(f"the tests of {module} fail without any change")
        longest = max(LONGEST, 4 * (time.monotonic() - began))  # a slow machine notices nothing
        tried = mutants_of(module)
        if share < 1:
            chance = random.Random(seed)  # noqa: S311
            tried = chance.sample(tried, max(1, round(share * len(tried))))
        for mutant in tried:
            if _survives(mutant, module, seconds, longest):
                yield mutant
    yield len(tried)


def main(arguments: list[str]) -> None:
    """Prints what survives of each module that is named; a last word like 0.2 takes a share."""
    import pytest  # noqa: F401  # loaded once, for all children

    share = float(arguments.pop()) if arguments[-1].startswith("0.") else 1.0
    for module in arguments:
        for found in survivors(module, share, 1):
            end = f"{module}: {found} tried" if isinstance(found, int) else f"survived {found}"
            print(end, flush=True)  # noqa: T201


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table: a process for each module."""
    lines = []
    for module in TARGETS:
        done = subprocess.run(
            [sys.executable, "-m", "torture.mutants", module],
            cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True,
        )  # fmt: skip
        *left, last = done.stdout.splitlines()
        tried = int(last.split()[1])
        found = f"{tried - len(left)} of {tried} noticed"
        lines.append(Line(f"mutants of {module}.py", found, "≥ 90 %", len(left) <= tried / 10))
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])
