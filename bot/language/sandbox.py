"""The sandbox in which expressions are read, checked and worked out: Jinja2 under an allow-list.

Loaded with the first `$(…)` or condition: the library costs more than reading a small rulebook.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

import jinja2
from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.data import dataclass
from bot.domain.messages import Location
from bot.language.comparing import comparisons, counted, is_number, reckon_times, same_kind
from bot.language.dates import span_of
from bot.language.filters import MOST_TEXT, filters
from bot.language.printing import MOST_DIGITS, Form, show
from bot.language.slips import meant
from bot.language.unworkable import CannotWorkOut, TemplateBroken
from bot.language.vocabulary import FILTERS, FUNCTIONS, PRINTING, SPANS, Word

MOST_SOURCE = 4096  # characters of one expression or template
MOST_CONSTANT = 10**12
MOST_NUMBER = 10**30
MOST_ITEMS = 1000  # of a list
HIDDEN = "alexia_"  # begins the names of filters that nobody can write
_FORM: ContextVar[Form] = ContextVar("form", default=Form())  # noqa: B039 - frozen; for whom is being printed

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
    nodes.CondExpr, nodes.Call, nodes.Filter, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
    nodes.Concat, nodes.Keyword, nodes.Test,
)  # fmt: skip


_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Reads data by key only: no attribute of any Python object is ever reached."""

    intercepted_binops = frozenset(("*", "+", "/", "//", "%", "-"))

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's own signature
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - Jinja's own signature
        if isinstance(obj, Mapping):
            return obj.get(argument)
        if isinstance(obj, Location):
            return {"text": obj.text, "lat": obj.latitude, "lng": obj.longitude}.get(argument)
        if isinstance(obj, (list, tuple, str)) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else None
        return None

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - Jinja's own signature
        return callable(obj) and getattr(obj, "is_rule_function", True)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        if operator == "%" and isinstance(left, str):
            raise SecurityError("% does not format texts here")
        timed = reckon_times(operator, left, right)
        if timed is not NotImplemented:
            return timed
        if operator != "+":
            left, right = counted(left), counted(right)
        if operator == "*" and not (is_number(left) and is_number(right)):
            raise SecurityError("only numbers can be multiplied")
        if operator == "+" and isinstance(left, str) != isinstance(right, str):
            numbers = counted(left), counted(right)
            if all(map(is_number, numbers)):
                return super().call_binop(context, operator, *same_kind(*numbers))
            left, right = show(left, _FORM.get()), show(right, _FORM.get())
        try:
            return super().call_binop(context, operator, *same_kind(left, right))
        except (ArithmeticError, TypeError) as reason:
            raise SecurityError(str(reason)) from reason


def _bounded(value: Any) -> Any:  # noqa: ANN401 - any Value
    """Return a value that cannot grow without end when it is kept and added to itself."""
    match value:
        case str():
            return value[:MOST_TEXT]
        case list() | tuple():
            return value[:MOST_ITEMS]
        case int() if abs(value) > MOST_NUMBER:
            raise SecurityError("the number is too large")
        case Decimal() if value.is_finite() and abs(value.adjusted()) > MOST_DIGITS:
            raise SecurityError("the number is too large")
        case _:
            return value


@jinja2.pass_context  # so that Jinja works nothing out before it is known for whom
def _finalize(_: jinja2.runtime.Context, value: object) -> str:
    return show(value, _FORM.get())


TESTS: Mapping[str, Callable[[object], bool]] = {
    "none": lambda value: value is None,
    "defined": lambda value: value is not None,
    "undefined": lambda value: value is None,
}


def _environment() -> _Sandbox:
    made = _Sandbox(
        variable_start_string="$(",
        variable_end_string=")",
        block_start_string="\x00%",
        block_end_string="%\x00",
        comment_start_string="\x00#",
        comment_end_string="#\x00",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_finalize,
        optimized=False,
    )
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    made.tests.update(TESTS)
    made.filters.update(filters(_FORM.get))
    compared = comparisons(_FORM.get)
    made.filters.update({f"{HIDDEN}{name}": compare for name, compare in compared.items()})
    made.filters[f"{HIDDEN}said"] = lambda value: show(value, _FORM.get())
    return made


_ENVIRONMENT = _environment()


@dataclass(frozen=True, slots=True)
class Program:
    """An expression or a text, checked and compiled.

    Attributes:
        names: Top-level names that it reads.
        paths: Dotted names that it reads, such as ("contact", "name").
        calls: Names of functions that it calls, or of what goes by such a name.
        is_lone: The text is exactly one expression.
    """

    names: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    calls: frozenset[str]
    run: Callable[[dict[str, object]], Any]
    is_lone: bool = False

    def evaluate(self, names: Mapping[str, object], form: Form) -> Any:  # noqa: ANN401 - any Value
        """Return the value under ``names``. Raises CannotWorkOut."""
        token = _FORM.set(form)
        try:
            found = _bounded(self.run({**dict.fromkeys(self.names), **names}))
        except _FAILURES as reason:
            raise CannotWorkOut(str(reason)) from reason
        finally:
            _FORM.reset(token)
        if isinstance(found, Undefined):
            raise CannotWorkOut("nothing is known by this name")
        return found

    def render(self, names: Mapping[str, object], form: Form) -> str:
        """Return the text under ``names``, at most 4,096 characters. Raises CannotWorkOut."""
        token = _FORM.set(form)
        try:
            return str(self.run({**dict.fromkeys(self.names), **names}))[:MOST_TEXT]
        except _FAILURES as reason:
            raise CannotWorkOut(str(reason)) from reason
        finally:
            _FORM.reset(token)


def program_of_expression(text: str, source: str) -> Program:
    """Return one expression, compiled. Raises TemplateBroken."""
    tree = _tree(f"$({text})", source)
    if len(tree.body) != 1 or len(getattr(tree.body[0], "nodes", ())) != 1:
        raise TemplateBroken(f"{text!r} is not one expression")
    return Program(*_names(tree), _compile(tree))


def program_of_text(source: str) -> Program:
    """Return a text with expressions, compiled. Raises TemplateBroken."""
    escaped = source.replace("$$(", "\x00L")
    tree = _tree(escaped, source)
    program = _program(_ENVIRONMENT.parse(_unsigned(escaped.replace("\x00L", "$('$(')"))))
    root = program.root_render_func

    def run(names: dict[str, object]) -> object:
        return "".join(root(jinja2.runtime.Context(_ENVIRONMENT, names, None, {})))

    return Program(*_names(tree), run, _is_lone(tree, source))


def _is_lone(tree: nodes.Template, source: str) -> bool:
    inner = source.strip()
    if not (inner.startswith("$(") and inner.endswith(")")) or len(tree.body) != 1:
        return False
    output = tree.body[0]
    assert isinstance(output, nodes.Output)
    return len(output.nodes) == 1 and not isinstance(output.nodes[0], nodes.TemplateData)


def _tree(text: str, source: str) -> nodes.Template:
    if len(source) > MOST_SOURCE:
        raise TemplateBroken(f"a text is at most {MOST_SOURCE} characters long")
    try:
        tree = _ENVIRONMENT.parse(_unsigned(text))
    except TemplateSyntaxError as reason:
        raise TemplateBroken(_said(source, str(reason.message))) from reason
    except (RecursionError, ValueError) as reason:
        raise TemplateBroken("the expression is too deep") from reason
    for node in _walk(tree):
        _allow(node)
    return tree


def _unsigned(text: str) -> str:
    """Return a text in which a sign after ``$(`` is arithmetic, not Jinja's white-space control."""
    return re.sub(r"\$\(([-+])", r"$( \1", text)


def _said(source: str, message: str) -> str:
    if re.search(r"(?<![=!<>])=(?!=)", source) and "=" in message:
        return f"{source.strip()!r}: use == to compare"
    return f"{source.strip()!r}: {meant(message)}"


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _allow(node: nodes.Node) -> None:
    if not isinstance(node, ALLOWED):
        raise TemplateBroken(f"{type(node).__name__.lower()} is not allowed in an expression")
    match node:
        case nodes.Const(value=int() | float() as number) if abs(number) > MOST_CONSTANT:
            raise TemplateBroken("the number is too large")
        case nodes.Filter(name=name) if name not in FILTERS:
            raise TemplateBroken(f"there is no filter {name!r}")
        case nodes.Filter():
            _takes(node, FILTERS[node.name], given=1)
        case nodes.Mul() | nodes.Div() | nodes.FloorDiv() | nodes.Mod() | nodes.Sub():
            _reckons_with_numbers(node.left, node.right)
        case nodes.Test(name=name) if name not in TESTS:
            raise TemplateBroken(f"there is no test 'is {name}'; known: {', '.join(TESTS)}")
        case nodes.Call():
            _allow_call(node)
        case nodes.Getattr(attr=attribute) if attribute.startswith("_"):
            raise TemplateBroken(f"there is no {attribute!r}")
        case _:
            pass


def _reckons_with_numbers(*operands: nodes.Expr) -> None:
    """Refuse `price * count | money`, which would print the count before it is multiplied."""
    for operand in operands:
        if isinstance(operand, nodes.Filter) and operand.name in PRINTING:
            raise TemplateBroken(
                f"'| {operand.name}' takes only what stands right before it; put what is reckoned"
                f" in brackets: (a * b) | {operand.name}"
            )


def _allow_call(node: nodes.Call) -> None:
    match node.node:
        case nodes.Name(name=name) if name in FUNCTIONS:
            _takes(node, FUNCTIONS[name], given=0)
        case nodes.Name(name=name):
            raise TemplateBroken(f"there is no function {name!r}")
        case nodes.Getattr(attr=name):
            raise TemplateBroken(f"'.{name}()' cannot be called")
        case _:
            raise TemplateBroken(f"only these can be called: {', '.join(FUNCTIONS)}")


def _takes(node: nodes.Filter | nodes.Call, word: Word, given: int) -> None:
    """Refuse arguments that a filter or function does not take, and spans that say none."""
    name = node.name if isinstance(node, nodes.Filter) else getattr(node.node, "name", "")
    try:
        word.takes.bind(*range(given + len(node.args)), **{str(one.key): 0 for one in node.kwargs})
    except TypeError as reason:
        raise TemplateBroken(f"{name!r}: {reason}") from None
    for argument in node.args[:1] if name in SPANS else ():
        if isinstance(argument, nodes.Const) and span_of(argument.value) is None:
            raise TemplateBroken(f"{name!r}: {argument.value!r} is no length of time such as 3d")


def _names(
    tree: nodes.Node,
) -> tuple[frozenset[str], frozenset[tuple[str, ...]], frozenset[str]]:
    """Return the names that are read, the dotted ones, and those of functions."""
    names = {
        node.name
        for node in tree.find_all(nodes.Name)
        if node.name not in ("none", "true", "false")
    }
    paths = {
        (node.node.name, node.attr)
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name)
    }
    return (
        frozenset(names - FUNCTIONS.keys()),
        frozenset(paths),
        frozenset(names & FUNCTIONS.keys()),
    )


def _compile(tree: nodes.Template) -> Any:  # noqa: ANN401 - Jinja's own
    """Return a function from names to the value of the one expression in ``tree``."""
    output = tree.body[0]
    assert isinstance(output, nodes.Output)
    body = [nodes.Assign(nodes.Name(RESULT, "store"), output.nodes[0], lineno=1)]
    root = _program(nodes.Template(body, lineno=1)).root_render_func

    def run(names: dict[str, object]) -> object:
        context = jinja2.runtime.Context(_ENVIRONMENT, names, None, {})
        for _ in root(context):
            pass
        return context.vars[RESULT]

    return run


def _program(tree: nodes.Template) -> jinja2.Template:
    tree.set_environment(_ENVIRONMENT)
    try:
        code = _ENVIRONMENT.compile(_with_safe_order(tree))
    except (RecursionError, SyntaxError, MemoryError, ValueError, TemplateError) as reason:
        raise TemplateBroken("the expression is too deep") from reason
    return jinja2.Template.from_code(_ENVIRONMENT, code, {})


RESULT = "alexia_result"


def _with_safe_order(tree: Any) -> Any:  # noqa: ANN401 - Jinja's nodes
    """Replace each comparison by one of ours: none is smaller and larger than nothing."""
    for choice in list(tree.find_all(nodes.CondExpr)):
        choice.expr2 = choice.expr2 or nodes.Const(None, lineno=1)
    for node in list(tree.find_all(nodes.Compare)):
        _reorder(node)
    for node in list(tree.find_all(nodes.Concat)):
        node.nodes = [_as_said(one) for one in node.nodes]
    return tree


def _as_said(node: nodes.Expr) -> nodes.Expr:
    """Let what is joined to a text print as it does alone: an hour as 17:45, none as nothing."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return node
    said = nodes.Filter(node, f"{HIDDEN}said", [], [], None, None, lineno=1)
    said.set_environment(_ENVIRONMENT)
    return said


def _reorder(node: nodes.Compare) -> None:
    """Turn ``a < b < c`` into the conjunction of safe pairs, in place."""
    left: nodes.Expr = node.expr
    pairs: list[nodes.Expr] = []
    for operand in node.ops:
        name = f"{HIDDEN}{operand.op}"
        pairs.append(nodes.Filter(left, name, [operand.expr], [], None, None, lineno=1))
        left = operand.expr
    joined: Any = pairs[0]
    for pair in pairs[1:]:
        joined = nodes.And(joined, pair, lineno=1)
    joined.set_environment(_ENVIRONMENT)
    node.expr = joined
    node.ops = [nodes.Operand("ne", nodes.Const(False, lineno=1), lineno=1)]  # noqa: FBT003
