import asyncio
import os

from bot.emulator.ledger import Ledger, read_entries


async def test_entries_are_read_back_in_their_order(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for number in range(5):
        ledger.append({"number": number})
    await ledger.close()
    entries = list(read_entries(tmp_path / "ledger.jsonl"))
    assert entries == [{"number": number} for number in range(5)]


async def test_a_torn_last_line_is_cut_off(tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"number": 1}\n{"numb')
    assert list(read_entries(path)) == [{"number": 1}]
    ledger = Ledger(path)
    ledger.append({"number": 2})
    await ledger.close()
    assert list(read_entries(path)) == [{"number": 1}, {"number": 2}]


async def test_many_waiting_entries_share_few_fsyncs(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), fsync(handle)))
    ledger = Ledger(tmp_path / "ledger.jsonl")

    async def put(number: int) -> None:
        ledger.append({"number": number})
        await ledger.durable()

    await asyncio.gather(*(put(number) for number in range(500)))
    assert len(list(read_entries(ledger.path))) == 500
    assert len(synced) <= 3
    await ledger.close()
