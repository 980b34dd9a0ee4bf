"""`alexia reload`, `stop` and `status`: what is said to the running daemon."""

import time
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import ask_daemon, counted, fail, moment_shown, print_json, shown, value_shown

STOP_WITHIN = 20.0  # seconds; the daemon promises 10
LOOK_AGAIN = 0.1  # seconds


@click.command()
@click.option(
    "--rollback", is_flag=True, help="Put the rules of before in force, until the files change."
)
@click.option("--session", default="", help="Only of this session.  [default: all]")
@config_option
@json_option
def reload(rollback: bool, session: str, config_path: Path | None, as_json: bool) -> None:
    """Load the rule files again.

    With mistakes in them the old rules stay in force, and the exit code is 1.
    """
    config = config_of(config_path)
    named = config.meant(session) if session else ""
    answer = ask_daemon(config, "reload", 60.0, rollback=rollback, session=named)
    lines = answer.pop("printed", [])
    if as_json:
        print_json(answer)
    else:
        for line in lines:
            click.echo(line, err=True)
        click.echo(answer.get("said", ""))
    if not answer.get("reloaded", True):
        raise click.exceptions.Exit(1)


@click.command()
@config_option
def stop(config_path: Path | None) -> None:
    """Stop the running bot cleanly, and wait until it has ended."""
    from bot.control import is_heard

    config = config_of(config_path)
    ask_daemon(config, "stop")
    until = time.monotonic() + STOP_WITHIN
    while time.monotonic() < until:
        if not is_heard(config.data_folder):
            click.echo("stopped")
            return
        time.sleep(LOOK_AGAIN)
    fail(
        f"the daemon was told to stop and still answers after {STOP_WITHIN:.0f} s; wait, or end the"
        " process that `alexia status` names: nothing is lost"
    )


@click.command()
@config_option
@json_option
def status(config_path: Path | None, as_json: bool) -> None:
    """Show how the running bot is."""
    answer = ask_daemon(config_of(config_path), "status")
    if as_json:
        print_json(answer)
        return
    for line in status_lines(answer):
        click.echo(line)


@click.command()
@click.option(
    "--retry", is_flag=True, help="Try first messages and campaigns again, whatever stopped them."
)
@click.option("--session", default="", help="Only of this session.")
@config_option
@json_option
def pacing(retry: bool, session: str, config_path: Path | None, as_json: bool) -> None:
    """Show what of the pace is used, what waits to leave, and why."""
    config = config_of(config_path)
    named = config.meant(session) if session or retry else ""
    if retry:
        answer = ask_daemon(config, "forgive", session=named)
        if not answer.get("done"):
            fail(str(answer.get("reason", "it was not done")))
    answer = ask_daemon(config, "status")
    if session:
        answer = next(one for one in answer["sessions"] if one["name"] == named)
    if as_json:
        print_json({key: answer.get(key) for key in PACING})
        return
    for line in pacing_lines(answer) or ["nothing is limited, and nothing waits"]:
        click.echo(line)


BOXES = ("inbox", "events", "outbox", "muted")
NAMED_BY = {
    "quarantined": "alexia dlq list", "stuck": "alexia outbox list", "failed": "alexia outbox list",
}  # fmt: skip
"""The command that names what is counted so."""
PACING = ("budgets", "waiting", "halted", "restricted")


def status_lines(answer: dict[str, Any]) -> list[str]:
    """Return the status in words."""
    lines = [
        (
            f"{'ready' if answer.get('ready') else 'not ready'}"
            f" (version {answer.get('version')}, pid {answer.get('pid')},"
            f" up {_span(float(answer.get('uptime_s', 0)))}, {answer.get('memory_mb')} MB)"
        ),
        *(f"  because: {shown(reason)}" for reason in answer.get("reasons", [])),
    ]
    sessions = answer.get("sessions", [])
    if len(sessions) > 1:
        lines += [line for one in sessions for line in session_lines(one)]
    else:
        lines += _book_lines(answer.get("rulebook", {}))
        lines += [_session_line(one) for one in sessions]
        lines += [line for box in BOXES if box in answer for line in _box_lines(box, answer[box])]
        lines += crm_lines(answer.get("crm") or {})
    if resources := answer.get("resources"):
        browser = resources["browser_mb"]
        browser = "not looked at yet" if browser is None else f"{browser} MB"
        lines.append(
            f"uses: {resources['daemon_mb']} MB, the models {resources['models_mb']} MB,"
            f" the browser {browser},"
            f" {resources['files']} of {resources['most_files']} files,"
            f" {resources['threads']} threads"
        )
        lines += [
            f"  the browser of {name} was opened anew at {moment_shown(one['at'])}:"
            f" {shown(one['why'])}"
            for name, one in resources["recycled"].items()
        ]
    return [*lines, *pacing_lines(answer)]


def session_lines(session: dict[str, Any]) -> list[str]:
    """Return how one of several sessions is, in words."""
    lines = [_session_line(session)]
    if session.get("detail"):
        lines.append(f"  because: {shown(session['detail'])}")
    lines += [f"  {line}" for line in _book_lines(session.get("rulebook", {}))]
    boxes = [line for box in BOXES if session.get(box) for line in _box_lines(box, session[box])]
    lines += [f"  {line}" for line in boxes]
    return [*lines, *(f"  {line}" for line in crm_lines(session.get("crm") or {}))]


def _box_lines(box: str, counts: dict[str, Any]) -> list[str]:
    """Return what is counted in a box, and which commands name what a person should look at."""
    named = dict.fromkeys(
        command for state, command in NAMED_BY.items() if (counts or {}).get(state)
    )  # fmt: skip
    return [
        f"{box}: {shown(counts)}", *(f"  `{command}` names them" for command in named)
    ]  # fmt: skip


def crm_lines(systems: dict[str, Any]) -> list[str]:
    """Return in words how other systems are."""
    return [
        f"{name}: {one['waiting']} to be told, {one['dead']} set aside"
        + (f"; takes nothing since {_since(one)}: {shown(one['reason'])}" if one["since"] else "")
        for name, one in systems.items()
    ]


def _since(one: dict[str, Any]) -> str:
    return value_shown("at", one["since"])


def _session_line(one: dict[str, Any]) -> str:
    return f"session {one['name']}: {one['state']}, account {shown(one['account'])}"


def _book_lines(book: dict[str, Any]) -> list[str]:
    lines = []
    if book.get("loaded_at"):
        rolled = ", rolled back until the files change" if book.get("rolled_back") else ""
        rules, flows = counted(book["rules"], "rule"), counted(book["flows"], "flow")
        lines.append(
            f"rules: {rules}, {flows}, loaded {moment_shown(book.get('loaded_at'))}{rolled}"
        )
    for problem in book.get("rejected") or []:
        place = f"{problem['file']}:{problem['line']}:{problem['column']}"
        lines.append(f"  rejected: {place}: {problem['code']} {shown(problem['message'])}")
    return lines


def pacing_lines(answer: dict[str, Any]) -> list[str]:
    """Return in words what of the pace is used, what waits and why; of each session by its name."""
    sessions = answer.get("sessions") or []
    if len(sessions) < 2:
        return _pacing_of(answer)
    return [f"{one['name']}: {line}" for one in sessions for line in _pacing_of(one)]


def _pacing_of(answer: dict[str, Any]) -> list[str]:
    lines = [
        f"budget {name}: {one['used']} of {one['limit']}"
        f"{', the next at ' + moment_shown(one['next_at']) if one['next_at'] else ''}"
        for name, one in (answer.get("budgets") or {}).items()
    ]
    for one in answer.get("waiting") or []:
        until = f" until {moment_shown(one['until'])}" if one["until"] else ""
        lines.append(f"waits: {one['messages']} ({one['why']}): {shown(one['reason'])}{until}")
    if answer.get("halted"):
        lines.append(f"campaigns: {shown(answer['halted'])}")
    if restricted := answer.get("restricted"):
        lines.append(
            f"WhatsApp restricts new chats since {moment_shown(restricted['since'])};"
            f" the next try at {moment_shown(restricted['next_try_at'])}"
        )
    return lines


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m" if hours else f"{minutes}m{rest:02d}s"
