"""Finds actions: the functions that users marked, and what each takes."""

import inspect
import logging
import sys
import traceback
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from bot.domain.data import dataclass
from bot.language.problems import Problem
from bot.language.signatures import Parameter, Signature
from bot.sdk import MARK, Mark

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

logger = logging.getLogger("alexia.actions")

FOLDER = "extensions"
GROUP = "alexia.actions"
PACKAGE = "alexia_extensions"
"""Under this name a folder's files are modules: one imports another by ``from . import other``."""
KINDS: Mapping[object, str] = {
    str: "text", int: "integer", float: "number", Decimal: "number", bool: "yes_no",
    list: "list", tuple: "list", dict: "map",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of a user. ``timeout`` in seconds."""

    name: str
    function: Callable[..., Any]
    signature: Signature
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """All actions, frozen; replaced whole by the next look."""

    actions: Mapping[str, Action] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def signatures(self) -> Mapping[str, Signature] | None:
        """Return what each action takes; None when a broken file may hold more of them."""
        if self.problems:
            return None
        return {name: one.signature for name, one in self.actions.items()}


def find_actions(folder: Path) -> Actions:
    """Return the actions of ``folder``/extensions/*.py and of installed packages.

    The files are run anew each time, so that what was removed is forgotten. A file that cannot be
    run is a problem at its place.
    """
    _forget()
    actions: dict[str, Action] = {}
    problems: list[Problem] = []
    for file, found in (*_of_packages(), *_of_files(folder)):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        for function in found:
            told = _add(actions, function, file)
            if told is not None:
                problems.append(told)
    return Actions(actions=actions, problems=tuple(problems))


def _add(actions: dict[str, Action], function: Callable[..., Any], file: str) -> Problem | None:
    mark: Mark = getattr(function, MARK)
    code = getattr(inspect.unwrap(function), "__code__", None)
    line = code.co_firstlineno if code is not None else 1
    if mark.name in actions:
        return _problem(file, line, "E203", f"two actions are called '{mark.name}'",
                        "give one of them another name")  # fmt: skip
    try:
        signature = signature_of(function)
    except (TypeError, ValueError, NameError) as reason:
        return _problem(file, line, "E104", f"the action '{mark.name}' cannot be called: {reason}",
                        "write: async def name(turn: Turn, *, argument: str)")  # fmt: skip
    actions[mark.name] = Action(
        name=mark.name, function=function, signature=signature, timeout=mark.timeout
    )
    return None


# ---------------------------------------------------------------------- files and packages

Found = tuple[str, "list[Callable[..., Any]] | Problem"]


def _of_files(folder: Path) -> Iterator[Found]:
    home = folder / FOLDER
    files = sorted(one for one in home.glob("*.py") if not one.name.startswith((".", "_")))
    if not files:
        return
    package = ModuleType(PACKAGE)
    package.__path__ = [str(home)]
    sys.modules[PACKAGE] = package
    for path in files:
        name = f"{FOLDER}/{path.name}"
        try:
            yield name, _marked(_run(path))
        except (Exception, SystemExit) as failure:  # noqa: BLE001 - the edge of user code
            yield name, _broken(name, path, failure)


class _Fresh(SourceFileLoader):
    """Always reads the source: a cache by time would miss an edit within the same second."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the loader's signature
        return self.source_to_code(self.get_data(self.path), self.path)


def _run(path: Path) -> ModuleType:
    name = f"{PACKAGE}.{path.stem}"
    spec = spec_from_file_location(name, path, loader=_Fresh(name, str(path)))
    assert isinstance(spec, ModuleSpec)
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _of_packages() -> Iterator[Found]:
    if not _is_offered():
        return
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        yield _of_package(entry)


def _is_offered() -> bool:
    """Tell whether some installed package names the group of our actions.

    Asked before Python's own look, which costs more than reading a small rulebook.
    """
    wanted = f"[{GROUP}]".encode()
    folders = (Path(one) for one in dict.fromkeys(sys.path) if one)
    files = (
        file for one in folders if one.is_dir() for file in one.glob("*-info/entry_points.txt")
    )
    return any(wanted in file.read_bytes() for file in files)


def _of_package(entry: "EntryPoint") -> Found:
    name = f"package {entry.value}"
    try:
        found = entry.load()
    except (Exception, SystemExit) as failure:  # noqa: BLE001 - the edge of user code
        return name, _problem(name, 1, "E001", f"cannot be imported: {_said(failure)}",
                              "mend or uninstall the package")  # fmt: skip
    return name, _marked(found) if isinstance(found, ModuleType) else [found]


def _marked(module: ModuleType) -> list[Callable[..., Any]]:
    """Return the marked functions that a module itself defines, in the order of its lines."""
    home = module.__name__
    own = (one for one in vars(module).values() if getattr(one, "__module__", "") == home)
    return [one for one in own if callable(one) and hasattr(one, MARK)]


def _forget() -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def _broken(name: str, path: Path, failure: BaseException) -> Problem:
    help_ = "the rules that are in force stay until it is mended"
    if isinstance(failure, SyntaxError) and failure.filename == str(path):
        return Problem(file=name, line=failure.lineno or 1, column=failure.offset or 1,
                       code="E001", message=f"not valid Python: {failure.msg}", help=help_,
                       source_line=(failure.text or "").rstrip("\n"))  # fmt: skip
    frames = traceback.extract_tb(failure.__traceback__)
    mine = [frame for frame in frames if frame.filename == str(path)]
    line = (mine[-1].lineno or 1) if mine else 1
    column = (mine[-1].colno or 0) + 1 if mine else 1
    return Problem(file=name, line=line, column=column, code="E001",
                   message=f"cannot be run: {_said(failure)}", help=help_,
                   source_line=_line(path, line))  # fmt: skip


def _said(failure: BaseException) -> str:
    return " ".join(f"{type(failure).__name__}: {failure}".split())[:200]


def _line(path: Path, number: int) -> str:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return lines[number - 1] if number <= len(lines) else ""


def _problem(file: str, line: int, code: str, message: str, help_: str) -> Problem:
    return Problem(file=file, line=line, column=1, code=code, message=message, help=help_)


# ---------------------------------------------------------------------- what an action takes


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return what an action takes beside the turn. Raises TypeError when it takes no turn."""
    own = list(inspect.signature(function).parameters.values())
    types = typing.get_type_hints(function)
    if not own or own[0].kind not in (own[0].POSITIONAL_ONLY, own[0].POSITIONAL_OR_KEYWORD):
        raise TypeError("its first parameter is the turn")
    rest = own[1:]
    return Signature(
        parameters={
            one.name: parameter_of(types.get(one.name), required=one.default is one.empty)
            for one in rest
            if one.kind in (one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD)
        },
        is_open=any(one.kind is one.VAR_KEYWORD for one in rest),
    )


def parameter_of(annotation: object, *, required: bool) -> Parameter:
    """Return what an annotation asks for; what it does not tell may be any value."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        ways = [one for one in get_args(annotation) if one is not NoneType]
        if len(ways) == 1:
            inner = parameter_of(ways[0], required=required)
            return Parameter(kind=inner.kind, required=required, optional=True)
        return Parameter(required=required)
    base = origin or annotation
    kind = KINDS.get(base, "any") if isinstance(base, type) else "any"
    return Parameter(kind=kind, required=required)
