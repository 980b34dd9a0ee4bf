"""What the doctor says of the rule files: whether they can be loaded, and whether teams hear."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.cli.findings import Finding

if TYPE_CHECKING:
    from bot.config import Config
    from bot.language.rulebook import Rulebook


def rule_findings(config: "Config") -> Iterator[Finding]:
    """Look at the rule files of each account; of those with the same files, once."""
    from bot.cli.check import load, with_own_rules
    from bot.cli.talk import counted

    books = with_own_rules(config)
    for one in books:
        name = "rules" if len(books) == 1 else f"rules of {one.names[0]}"
        loaded = load(one)
        if loaded.rulebook is None:
            first = next(problem for problem in loaded.problems if problem.severity == "error")
            place = f"{first.file}:{first.line}:{first.column}"
            yield Finding(
                name=name, ok=False, essential=False, said=f"mistakes, such as at {place}",
                remedy="`alexia check` tells all; until they are mended the last good rules hold",
            )  # fmt: skip
            continue
        rules, flows = len(loaded.rulebook.rules), len(loaded.rulebook.flows)
        yield Finding(
            name=name, ok=True, said=f"{counted(rules, 'rule')}, {counted(flows, 'flow')}"
        )
        yield from _deaf(loaded.rulebook, config)


def _deaf(rulebook: "Rulebook", config: "Config") -> Iterator[Finding]:
    """Name the teams that nobody tells of a handoff, where nothing else hears of it either."""
    deaf = [
        name for name, team in sorted(rulebook.teams.items())
        if not any(any(map(str.isdecimal, one.number)) for one in team.members)
    ]  # fmt: skip
    if deaf and not config.webhooks and config.crm.chatwoot is None:
        yield Finding(
            name="teams", ok=False, essential=False,
            said=f"nobody is told of what is handed to {', '.join(deaf)}: no member has a number",
            remedy=f'such as  teams: {{{deaf[0]}: [{{name: Bea, number: "+5511912345678"}}]}}',
        )  # fmt: skip
