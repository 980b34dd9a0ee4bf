"""What `alexia status` tells."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import __version__
from bot.daemon.bookshelf import BookShelf
from bot.daemon.budgets import NOTHING, pacing_told
from bot.daemon.clock import now
from bot.daemon.link import Link
from bot.daemon.reloads import plain
from bot.ports import LinkState
from bot.store import crm_jobs, inbox, outbox
from bot.store.counting import own_turns
from bot.store.ledger import TURN
from bot.store.mutes import count_muted
from bot.whatsapp.door import OPENED_ELSEWHERE

if TYPE_CHECKING:
    from bot.daemon.account import Account
    from bot.daemon.keeper import Keeper

Json = dict[str, Any]


async def status(keepers: Sequence["Keeper"], uptime: float) -> Json:
    """Return the state of the daemon in the shape that other programs rely on.

    What is told of one account stands with its session; above stand the sums, and the rulebook
    and pace of the first.
    """
    told = [await status_of(keeper) for keeper in keepers]
    ready, reasons = condition(keepers)
    return {
        "version": __version__,
        "pid": os.getpid(),
        "uptime_s": round(uptime, 1),
        "ready": ready,
        "reasons": reasons,
        "rulebook": told[0]["rulebook"],
        "sessions": told,
        "inbox": _sum(one["inbox"] for one in told),
        "events": _sum(one["events"] for one in told),
        "outbox": _sum(one["outbox"] for one in told),
        "muted": _sum(one["muted"] for one in told),
        "crm": told[0]["crm"],
        "memory_mb": memory_mb(),
        "tasks": len(asyncio.all_tasks()),
        **{key: told[0][key] for key in NOTHING},
    }


async def status_of(keeper: "Keeper") -> Json:
    """Return the state of one account."""
    account, link = keeper.account, keeper.visible.link
    ready, reasons = condition_of(keeper)
    told: Json = {
        "name": keeper.name,
        "state": link.state.value,
        "detail": link.detail,
        "account": link.account,
        "ready": ready,
        "reasons": reasons,
    }
    if account is None:
        closed = {"rulebook": _no_rulebook(keeper), "inbox": {}, "events": {}, "outbox": {},
                  "muted": {}, "crm": {}}  # fmt: skip
        return {**told, "browser_pid": None, **closed, **NOTHING}
    waiting, events, leaving, muted = await account.database.read(
        lambda db: (inbox.counts(db), own_turns(db), outbox.counts(db), count_muted(db, now()))
    )
    telling = await account.database.read(crm_jobs.counts)
    governor = account.courier.governor
    unheld = TURN if ready else next(iter(reasons), TURN)
    paced = await account.database.read(
        lambda db: pacing_told(db, link.account, governor, now(), unheld)
    )
    return {
        **told,
        "browser_pid": account.session.browser_pid,
        "rulebook": _rulebook(account.shelf),
        "inbox": waiting,
        "events": events,
        "outbox": leaving,
        "muted": muted,
        "crm": account.crm.told(telling),
        **paced,
    }


def condition(keepers: Sequence["Keeper"]) -> tuple[bool, list[str]]:
    """Return whether every account that is not stopped is ready, and what stands against it.

    Among several accounts each reason begins with the name of its own.
    """
    wanted = [one for one in keepers if one.visible.link.state is not LinkState.STOPPED]
    found = {one.name: condition_of(one) for one in keepers}
    ready = bool(wanted) and all(found[one.name][0] for one in wanted)
    if len(keepers) == 1:
        return ready, found[keepers[0].name][1]
    return ready, [f"{name}: {said}" for name, (_, reasons) in found.items() for said in reasons]


def condition_of(keeper: "Keeper") -> tuple[bool, list[str]]:
    """Return whether an account is ready, and what stands against it or should be known."""
    account, link = keeper.account, keeper.visible.link
    step = _next_step(link, keeper.name)
    reasons = []
    if link.state is not LinkState.READY:
        told = ": ".join(filter(None, (f"WhatsApp is {link.state.value}", link.detail)))
        reasons = ["; ".join(filter(None, (told, step)))]
    if account is None:
        if link.state in (LinkState.FAILED, LinkState.STOPPED):
            reasons = [f"it is {link.state.value}: {link.detail}; {step}"]
        return False, reasons
    ready, more = _running(account)
    return ready, [*reasons, *(one for one in more if one != link.detail)]


def _next_step(link: Link, name: str) -> str:
    """Return what a person does about a state of an account; "" where it passes by itself."""
    match link.state:
        case LinkState.QR | LinkState.LOGGED_OUT:
            return f"`alexia login {name}` shows the code for the phone to scan"
        case LinkState.CONFLICT if link.detail != OPENED_ELSEWHERE:
            out = f"`alexia sessions logout {name}` (or the other, if that one is wrong)"
            return f"{out}, then `alexia login` it with its own phone"
        case LinkState.CONFLICT:
            again = f"`alexia sessions stop {name}` and `start {name}`"
            return f"{again} take it back from where it was opened"
        case LinkState.STOPPED:
            return f"`alexia sessions start {name}` starts it again"
        case LinkState.FAILED:
            return f"once mended it is tried again, at once with `alexia sessions start {name}`"
        case _:
            return ""


def _running(account: "Account") -> tuple[bool, list[str]]:
    link, ailment, trouble = account.link, account.session.ailment, account.database.trouble
    ready = link.state is LinkState.READY and not ailment and not trouble and not link.safe_mode
    reasons = [*filter(None, [ailment]), *account.session.reasons]
    if link.restricted_since is not None:
        since = link.restricted_since.isoformat(timespec="minutes")
        told = f"WhatsApp restricts new chats since {since}; answers go on where it lets them"
        reasons = [*reasons, told]
    if late := account.late.told(now()):
        reasons = [*reasons, late]
    if link.warning:
        reasons = [*reasons, f"WhatsApp warns: {link.warning}"]
    if link.safe_mode:
        reasons = [*reasons, "safe mode: the last starts failed; all is stored, nothing is sent"]
    if trouble:
        reasons = [*reasons, f"the database cannot be written ({trouble}); all waits until it can"]
    if account.shelf.rejected:
        broken = "the rule files are broken (`alexia check` says where)"
        reasons = [*reasons, f"{broken}; the last good ones are in force"]
    return ready, [*reasons, *account.crm.reasons]


def _rulebook(shelf: BookShelf) -> Json:
    return {
        "hash": shelf.rulebook.hash,
        "rules": len(shelf.rulebook.rules),
        "flows": len(shelf.rulebook.flows),
        "loaded_at": shelf.loaded_at.isoformat(),
        "rolled_back": shelf.rolled_back,
        "rejected": [plain(problem) for problem in shelf.rejected],
    }


def _no_rulebook(keeper: "Keeper") -> Json:
    rejected = [plain(problem) for problem in keeper.rejected]
    return {"hash": "", "rules": 0, "flows": 0, "loaded_at": None, "rolled_back": False,
            "rejected": rejected}  # fmt: skip


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def memory_mb() -> float:
    """Return the resident memory of this process in MB (without the browser's)."""
    try:
        status_file = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    for line in status_file.splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0
