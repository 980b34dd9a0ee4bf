"""What became of a reload, as programs and people are told."""

from collections.abc import Mapping
from typing import Any

from bot.daemon.bookshelf import Reloaded
from bot.language.problems import Problem

Json = dict[str, Any]


def reload_answer(reloaded: Reloaded) -> Json:
    """Return what became of a reload, for programs and for people."""
    return {
        "reloaded": reloaded.ok,
        "said": reloaded.said,
        "problems": [plain(problem) for problem in reloaded.problems],
        "printed": [str(problem) for problem in reloaded.problems],
    }


def reload_answers(reloaded: Mapping[str, Reloaded]) -> Json:
    """Return what became of the reload of several accounts, and of each."""
    if len(reloaded) == 1:
        return reload_answer(next(iter(reloaded.values())))
    problems = list(dict.fromkeys(one for each in reloaded.values() for one in each.problems))
    all_of_them = Reloaded(
        ok=all(one.ok for one in reloaded.values()),
        said="\n".join(f"{name}: {one.said}" for name, one in reloaded.items()),
        problems=tuple(problems),
    )
    told = {name: {"reloaded": one.ok, "said": one.said} for name, one in reloaded.items()}
    return {**reload_answer(all_of_them), "sessions": told}


def told_reload(reloaded: Reloaded) -> tuple[str, Json]:
    """Return the event of a reload, and its payload."""
    event = "config.reloaded" if reloaded.ok else "config.rejected"
    return event, {key: value for key, value in reload_answer(reloaded).items() if key != "printed"}


def plain(problem: Problem) -> Json:
    """Return a problem in the shape of `check --json`."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
    }
