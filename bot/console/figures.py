"""Figures in Prometheus's text form."""

from collections import defaultdict

TOLD = {
    "ready": "1 when the way in is proven.",
    "session_ready": "1 when a session is ready.",
    "account_restricted": "1 while WhatsApp restricts new chats.",
    "outbox_held": "Messages of ours that wait for a limit, by the limit.",
    "turns_total": "Decided turns.",
    "sends_total": "Sends that turns reserved.",
    "errors_total": "Errors that were logged.",
    "reconnects_total": "Times a session became ready again.",
    "memory_bytes": "Memory of this process.",
    "lanes": "Chats by what they do.",
    "inbox_messages": "Stored messages by state.",
    "events": "Events, timers and results of calls that wait for their turn or were set aside.",
    "outbox_messages": "Messages of ours by state.",
    "announcements_waiting": "Events not given on yet.",
    "webhooks_waiting": "Calls of webhooks to be made.",
    "crm_jobs": "What other systems are still to be told, by system and state.",
    "webhooks_dead": "Calls of webhooks that were given up.",
}
"""Every figure there is. Those that only grow end in ``_total``."""


class Figures:
    """Gathers values and writes those of one name together, as the form asks."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = defaultdict(list)

    def put(self, name: str, value: int, **labels: str) -> None:
        """Add a value; ``labels`` must be words that need no quoting."""
        told = ",".join(f'{label}="{word}"' for label, word in labels.items())
        where = f"{{{told}}}" if told else ""
        self._lines[name].append(f"alexia_{name}{where} {value}")

    def text(self) -> str:
        """Return all of it."""
        lines: list[str] = []
        for name, values in self._lines.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP alexia_{name} {TOLD[name]}", f"# TYPE alexia_{name} {kind}"]
            lines += values
        return "\n".join(lines) + "\n"
