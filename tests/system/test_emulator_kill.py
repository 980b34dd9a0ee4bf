"""The emulator's truth survives a kill of its process."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import httpx2

ME = "5511900000001@c.us"
ANA = "5511911111111@c.us"


async def start(data: Path) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.emulator", "--port", "0", "--data", str(data),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    line = (await process.stdout.readline()).decode()
    return process, line.split()[1]


async def ledger(url: str) -> list[dict]:
    async with httpx2.AsyncClient(base_url=url, timeout=20) as http:
        text = (await http.get("/control/ledger")).text
    return [json.loads(line) for line in text.splitlines()]


async def test_every_answered_message_is_in_the_ledger_after_a_kill(tmp_path):
    process, url = await start(tmp_path)
    answered: list[str] = []

    async def put(http: httpx2.AsyncClient, number: int) -> None:
        message = {"account": ME, "chat": ANA, "text": str(number)}
        answered.append((await http.post("/control/messages", json=message)).json()["id"])
        if len(answered) == 100:
            process.send_signal(signal.SIGKILL)

    async with httpx2.AsyncClient(base_url=url, timeout=20) as http:
        calls = [put(http, number) for number in range(400)]
        await asyncio.gather(*calls, return_exceptions=True)
    await process.wait()

    process, url = await start(tmp_path)
    try:
        kept = {line["id"] for line in await ledger(url)}
    finally:
        process.kill()
        await process.wait()
    assert len(answered) >= 100
    assert set(answered) <= kept
