"""A mechanism's plain function of numbers, in C: the same operations in the same order, so the same bits.

The subset: assignments, tuples of them, one return, `+ - * /`, unary minus, comparisons, `a if b else c`, numbers, fields
of ``p``, and :data:`CALLS`. Anything else is an error that names file and line; so an equation that leaves the subset is
found by whoever writes it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable

CALLS = {
    "exp": "exp_of",
    "expm1": "expm1_of",
    "log": "log_of",
    "log1p": "log1p_of",
    "sqrt": "sqrt",
    "abs": "fabs",
    "minimum": "smaller",
    "maximum": "larger",
}
"""Functions that a plain function may call, of numpy or Python, and what they are in C."""
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


class NotPlain(ValueError):
    """A function that does not keep to the subset; the message says where and what."""


def translated(function: Callable[..., object], mechanism: str) -> str:
    """The C of a plain function, as ``static inline``; several answers are given through pointers.

    Raises:
        NotPlain: the function leaves the subset.
    """
    lines, first = inspect.getsourcelines(function)
    definition = ast.parse("".join(lines)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return _Function(definition, mechanism, f"{inspect.getsourcefile(function)}", first).text()


class _Function:
    def __init__(self, definition: ast.FunctionDef, mechanism: str, file: str, first: int) -> None:
        self.definition, self.mechanism, self.place = definition, mechanism, (file, first)
        self.known = {argument.arg for argument in definition.args.args}

    def text(self) -> str:
        body = [node for node in self.definition.body if not isinstance(getattr(node, "value", None), ast.Constant)]
        if not body or not isinstance(body[-1], ast.Return):
            raise self._not_plain(self.definition, "does not end with a return")
        said = [line for node in body[:-1] for line in self._assigned(node)]
        answer = body[-1].value
        arguments = [
            f"const {self.mechanism}_parameters *p" if a.arg == "p" else f"double {a.arg}" for a in self.definition.args.args
        ]
        if isinstance(answer, ast.Tuple):
            kind = "void"
            arguments += [f"double *out{k}" for k in range(len(answer.elts))]
            said += [f"    *out{k} = {self._value(one)};" for k, one in enumerate(answer.elts)]
        else:
            kind = "double"
            said.append(f"    return {self._value(answer)};")
        head = f"static inline {kind} {self.mechanism}_{self.definition.name.strip('_')}({', '.join(arguments)}) {{"
        return "\n".join([head, *said, "}"]) + "\n"

    def _assigned(self, node: ast.stmt) -> list[str]:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            raise self._not_plain(node, "is no assignment")
        targets, values = [node.targets[0]], [node.value]
        if isinstance(targets[0], ast.Tuple):
            if not isinstance(node.value, ast.Tuple) or len(node.value.elts) != len(targets[0].elts):
                raise self._not_plain(node, "assigns other than as many values as names")
            targets, values = targets[0].elts, node.value.elts
        said = []
        names = [target.id if isinstance(target, ast.Name) else "" for target in targets]
        if len(names) > 1 and any(
            isinstance(inner, ast.Name) and inner.id in names for value in values for inner in ast.walk(value)
        ):
            raise self._not_plain(node, "reads a name that it assigns in the same line")
        for name, value in zip(names, values):
            if not name:
                raise self._not_plain(node, "assigns to something that is no name")
            text = self._value(value)
            said.append(f"    {'' if name in self.known else 'double '}{name} = {text};")
            self.known.add(name)
        return said

    def _value(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return repr(float(node.value))
        if isinstance(node, ast.Name) and node.id in self.known:
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p":
            return f"p->{node.attr}"
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return f"({self._value(node.left)} {_OPERATORS[type(node.op)]} {self._value(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(-{self._value(node.operand)})"
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
            return f"({self._value(node.left)} {_COMPARED[type(node.ops[0])]} {self._value(node.comparators[0])})"
        if isinstance(node, ast.IfExp):
            test = self._value(node.test)
            whole = test if isinstance(node.test, ast.Compare) else f"({test} != 0.0)"
            return f"({whole} ? {self._value(node.body)} : {self._value(node.orelse)})"
        if isinstance(node, ast.Call) and not node.keywords:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS:
                return f"{CALLS[name]}({', '.join(self._value(one) for one in node.args)})"
        raise self._not_plain(node or self.definition, "is not of the subset that can be translated")

    def _not_plain(self, node: ast.AST, why: str) -> NotPlain:
        file, first = self.place
        line = first + getattr(node, "lineno", 1) - 1
        return NotPlain(
            f"{file}:{line}: `{ast.unparse(node).splitlines()[0]}` in {self.mechanism}.{self.definition.name} {why}; "
            "allowed are assignments, + - * /, comparisons, `a if b else c` and calls of " + ", ".join(CALLS)
        )
