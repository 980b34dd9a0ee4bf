"""`alexia doctor --live`: the running bot against WhatsApp as it is now."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.cli.findings import Finding
from bot.control import ask
from bot.domain.errors import NoDaemon
from bot.domain.receipts import SENT

if TYPE_CHECKING:
    from bot.config import Config

TEXT = "alexia doctor --live: this message to yourself shows that sending works"
LOOK_WITHIN = 30.0  # seconds
SENT_WITHIN = 60.0  # seconds
LOOK_AGAIN = 0.3  # seconds


def live_findings(config: "Config") -> Iterator[Finding]:
    """Look at the page anew, then send one message to the account's own number."""
    try:
        found = ask(config.data_folder, "look", LOOK_WITHIN, session=_session(config))
    except NoDaemon as failure:
        yield Finding(name="live", ok=False, said=str(failure), remedy="alexia run")
        return
    if not found.get("ok"):
        yield Finding(name="live", ok=False, said=str(found.get("error")), remedy="alexia status")
        return
    yield from _capabilities(found)
    account = str(found.get("account") or "")
    if not account:
        yield Finding(name="live", ok=False, said="nobody is logged in", remedy="alexia login")
        return
    yield _message_to_oneself(config, account)


def _capabilities(found: dict[str, Any]) -> Iterator[Finding]:
    from bot.whatsapp.capabilities import CAPABILITIES

    page, wa_js = found.get("page") or "of no known version", found.get("wa_js")
    yield Finding(name="page", ok=True, said=f"WhatsApp Web {page} with wa-js {wa_js}")
    for one in CAPABILITIES:
        lost = found["lost"].get(one.name)
        yield Finding(
            name=one.name, ok=lost is None, said=lost or "there", essential=one.essential,
            remedy="a newer wa-js may find it: see `whatsapp.wa_js` in docs/whatsapp.md",
        )  # fmt: skip


def _message_to_oneself(config: "Config", account: str) -> Finding:
    begun = time.monotonic()
    named = ask(
        config.data_folder, "send", LOOK_WITHIN, session=_session(config), chat=account, text=TEXT
    )["id"]
    state, ack = _standing(config, named)
    while ack < SENT and state != "failed" and time.monotonic() - begun < SENT_WITHIN:
        time.sleep(LOOK_AGAIN)
        state, ack = _standing(config, named)
    taken = time.monotonic() - begun
    return Finding(
        name="message to yourself",
        ok=ack >= SENT,
        said=f"WhatsApp has it after {taken:.1f} s" if ack >= SENT else f"not sent ({state})",
        remedy="see the log of `alexia run`",
    )


def _standing(config: "Config", named: str) -> tuple[str, int]:
    """Return the state and the ack of a message in the outbox."""
    from bot.store.reading import reading

    with reading(config.database) as db:
        row = db.execute("SELECT state, ack FROM outbox WHERE message_id = ?", (named,)).fetchone()
    return str(row["state"]), int(row["ack"] or 0)


def _session(config: "Config") -> str:
    """Return the name of the account that is meant, "" for the first of several."""
    return config.names[0] if len(config.sessions) == 1 else ""
