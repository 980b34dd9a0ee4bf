"""The list of commands, and what all have in common: errors become a sentence and an exit code."""

import errno
import importlib
from typing import Any

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "setup": ("setup:setup", "Fetch what is missing: browser, wa-js, model weights."),
    "doctor": ("doctor:doctor", "Check this machine; one line a finding, with the remedy."),
    "init": ("init:init", "Write a folder with config, rules, flows and tests to start from."),
    "demo": ("demo:demo", "Try it without a phone: emulator, daemon and the example business."),
    "emulator": ("emulator:emulator", "Run the WhatsApp emulator alone."),
    "run": ("run:run", "Run the bot in the foreground."),
    "reload": ("daemon:reload", "Load the rule files again."),
    "stop": ("daemon:stop", "Stop the running bot cleanly."),
    "status": ("daemon:status", "Show how the running bot is."),
    "pacing": ("daemon:pacing", "Show what waits to leave and why, and what of the pace is used."),
    "login": ("login:login", "Show the QR code that logs the bot in."),
    "logout": ("login:logout", "Log the bot out of WhatsApp."),
    "sessions": ("sessions:sessions", "Accounts of the bot, where there are several."),
    "check": ("check:check", "Check rules and flows for mistakes."),
    "lint": ("check:lint", "Check rules and flows, with advice."),
    "schema": ("schema:schema", "Print the JSON Schema of rule files, for editors."),
    "test": ("test:test", "Run conversation tests."),
    "chat": ("chat:chat", "Talk to the rules in the terminal; nothing is sent."),
    "why": ("why:why", "Show what would win for a text, and why the others lose."),
    "trace": ("why:trace", "Show what happened with a contact, and why."),
    "replay": ("replay:replay", "Run stored messages through changed rules; list what differs."),
    "send": ("send:send", "Send one message."),
    "canned": ("canned:canned", "Ready-made replies of the rule files, to send by name."),
    "contacts": ("contacts:contacts", "People who wrote."),
    "conversations": ("lists:conversations", "Chats: where they stand and what was said."),
    "chats": ("chats:chats", "Chats as the phone keeps them: archived, pinned, muted, unread."),
    "messages": ("messages:messages", "What was said, both ways: found, read back, forwarded."),
    "campaign": ("campaigns:campaign", "Messages to many people: preview, start, report."),
    "groups": ("groups:groups", "Groups of the account: who is in them, and changing both."),
    "media": ("media:media", "The files that customers sent."),
    "leads": ("lists:leads", "People with a score."),
    "tags": ("lists:tags", "Labels that people wear."),
    "report": ("report:report", "Figures of a period: messages, answers, flows, leads and more."),
    "resume": ("handoff:resume", "Let the bot speak again in a chat."),
    "handoff": ("handoff:handoff", "Keep the bot quiet in a chat: a person takes over."),
    "end": ("handoff:end", "End the flow that a contact is in."),
    "spam": ("spam:spam", "Floods, adverts and insults: who is muted, and why."),
    "privacy": (
        "privacy:privacy",
        "What people may ask of you: what is kept, and its end.",
    ),
    "backup": ("backup:backup", "Copy all that the bot knows into a file, also while it runs."),
    "restore": ("restore:restore", "Put a backup back; what was there is kept."),
    "rekey": ("rekey:rekey", "Give the sensitive values of the database another key."),
    "crm": ("crm:crm", "Other systems that are kept current: HubSpot and Chatwoot."),
    "outbox": ("outbox:outbox", "What the bot said and did not arrive: sent again, or let go."),
    "dlq": ("dlq:dlq", "What was set aside: messages, webhooks, what other systems refused."),
    "tokens": ("tokens:tokens", "The keys of the API."),
    "migrate": ("migrate:migrate", "Move live conversations to the newest version of a flow."),
    "models": ("models:models", "The models that read texts."),
    "config": ("config_show:config", "The configuration in force."),
}
EXIT_CODES = {
    "DataFolderHeld": 3,
    "NoDaemon": 4,
    "BrowserMissing": 5,
    "BundleRefused": 5,
    "PageRefused": 5,
    "WeightsMissing": 5,
    "PortInUse": 5,
}
FAILED = 1
MENDED_BY_A_PERSON = frozenset((
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE,
))  # fmt: skip
DATABASE_TROUBLE = frozenset((5, 8, 10, 13, 14))
"""SQLite's BUSY, READONLY, IOERR, FULL and CANTOPEN."""


class LazyGroup(click.Group):
    """Imports a command's module when the command is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of a user's first days."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(f"bot.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is told with the nearest name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; an error of ours or of a file becomes its sentence and an exit code."""
        from bot.domain.errors import BotError

        try:
            return super().invoke(ctx)
        except BotError as failure:
            click.echo(str(failure), err=True)
            ctx.exit(EXIT_CODES.get(type(failure).__name__, FAILED))
        except Exception as failure:
            if not (told := trouble_here(failure)):
                raise
            click.echo(told, err=True)
            ctx.exit(FAILED)


def trouble_here(failure: Exception) -> str:
    """Return what a person can mend on this machine, "" where a failure is no such thing."""
    import sqlite3

    match failure:
        case OSError(errno=number, strerror=said, filename=name) if number in MENDED_BY_A_PERSON:
            place = "" if name is None else f"{name}: "
            return f"{place}{said}; {_remedy(number, name)}"
        case sqlite3.OperationalError(sqlite_errorcode=code) if code & 0xFF in DATABASE_TROUBLE:
            return f"the database: {failure}; `alexia doctor` looks at this machine"
        case _:
            return ""


def _remedy(number: int | None, name: object) -> str:
    """Return what to do about trouble with a file; one of another user names whose it is."""
    owner = owner_of(str(name)) if name and number in (errno.EACCES, errno.EPERM) else ""
    if owner:
        return f"it belongs to {owner}: run this as {owner}, such as by `sudo -u {owner} …`"
    return "`alexia doctor` looks at this machine"


def owner_of(name: str) -> str:
    """Return who owns a file, or the nearest folder above it that can be seen; "" for us."""
    import os
    import pwd
    from pathlib import Path

    for one in (Path(name), *Path(name).parents):
        try:
            uid = one.stat().st_uid
            return "" if uid == os.geteuid() else pwd.getpwuid(uid).pw_name
        except (OSError, KeyError):
            continue
    return ""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alexia-bot", prog_name="alexia")
def main() -> None:
    """Alexia: a WhatsApp bot that runs on rules and flows in YAML files.

    Begin with `alexia demo`, which needs no phone.
    """
