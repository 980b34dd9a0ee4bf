"""Six customers write to a running demo, through the control API alone; prints what was said.

alexia demo --port 8766        # in another terminal
python -m benchmarks.transcript --url http://127.0.0.1:8766
"""

import json
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

import click

QUIET = 1.5  # seconds without a new line of the ledger: the bot has said what it wanted
WITHIN = 20.0  # seconds for an answer

Say = str | dict[str, Any]
STORIES: Sequence[tuple[str, str, Sequence[Say]]] = (
    ("FAQ in English", "Emma Reed", ["what are your hours?", "how much is a pizza?"]),
    ("FAQ in Spanish", "Luis Gómez", ["¿cuál es el horario?", "¿cuánto cuesta?"]),
    ("FAQ in Portuguese", "Ana Souza", ["qual é o horário?", "quanto custa uma pizza?"]),
    (
        "an order, with a digression and a correction",
        "Olivia Hart",
        ["I want a large diavola pizza", "what are your hours?", "two", "no wait, make it three",
         "Rua das Flores 10, Campinas", "yes"],
    ),
    (
        "a lead, created and scored",
        "Bruno Lima",
        ["I want a franchise", "franchise", "Campinas", "200k", "now"],
    ),
    (
        "an angry customer, handed over",
        "Mia Clark",
        ["This is terrible, I have been waiting for two hours and nobody answers me!", "hello?"],
    ),
    ("STOP", "Noah West", ["what are your hours?", "STOP"]),
    (
        "the owner answers from the phone",
        "Eva Stone",
        ["I want a pizza", {"from_me": True, "text": "Hi Eva, I take your order myself"},
         "a large one please"],
    ),
)  # fmt: skip


class Phones:
    """Everybody's phones, over the emulator's control API."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make one control call."""
        request = urllib.request.Request(
            self._url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return dict(json.loads(answer.read()))

    def said(self, after: int) -> list[dict[str, Any]]:
        """Return what the bot sent since a line of the ledger."""
        with urllib.request.urlopen(f"{self._url}/control/ledger?after={after}") as answer:
            lines = [json.loads(line) for line in answer.read().splitlines() if line.strip()]
        return [line for line in lines if line["n"] > after]


def tell(phones: Phones, chat: str, words: Sequence[Say]) -> list[str]:
    """Let a customer say these words one after another; return the conversation's lines."""
    lines: list[str] = []
    for word in words:
        fields = {"text": word} if isinstance(word, str) else dict(word)
        after = max((line["n"] for line in phones.said(0)), default=0)
        phones.post("/control/messages", {"chat": chat, **fields})
        lines.append(f"{'owner   ' if fields.get('from_me') else 'customer'} {fields['text']}")
        for answer in _answers(phones, after, chat):
            lines += [f"    bot  {part}" for part in str(answer["body"]).splitlines()]
    return lines


def _answers(phones: Phones, after: int, chat: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    end, moved = time.monotonic() + WITHIN, time.monotonic()
    while time.monotonic() < end and time.monotonic() - moved < QUIET:
        time.sleep(0.1)
        now = [
            line
            for line in phones.said(after)
            if line["direction"] == "out" and line["chat"] == chat
        ]
        if len(now) > len(found):
            found, moved = now, time.monotonic()
    return found


@click.command()
@click.option("--url", default="http://127.0.0.1:8766", show_default=True, help="The emulator.")
@click.option("--first", default=1, show_default=True, help="Number of the first customer.")
def main(url: str, first: int) -> None:
    """Play six customers and an owner, and print what was said."""
    phones = Phones(url)
    for number, (title, name, words) in enumerate(STORIES, first):
        chat = f"55119810000{number:02d}@c.us"
        phones.post("/control/contacts", {"id": chat, "name": name, "push_name": name})
        click.echo(f"\n## {title} ({name}, {chat})")
        for line in tell(phones, chat, words):
            click.echo(line)


if __name__ == "__main__":
    main()
