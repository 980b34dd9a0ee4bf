"""An account's other systems: their carriers, how they are, and what a person asks of them."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.crm.carrier import Carrier, Tells
from bot.crm.chatwoot import ChatwootSystem
from bot.crm.hubspot import HubSpotSystem
from bot.crm.line import Declined, Unavailable
from bot.daemon.clock import chance, now
from bot.daemon.parts import Parts
from bot.domain.crm import Target
from bot.store import crm_jobs

logger = logging.getLogger("alexia.crm")

Json = dict[str, Any]
Counts = Mapping[str, Mapping[str, int]]


class CrmDesk:
    """The carriers of an account, by their systems."""

    def __init__(self, own: Parts) -> None:
        self._database = own.database
        self.carriers = {
            system.target: Carrier(own.database, system, clock=now, chance=chance)
            for system in _systems(own)
        }

    async def start(self) -> None:
        """Begin to note what happens; before anything does."""
        targets = tuple(self.carriers)
        await self._database.write(lambda db: crm_jobs.listen(db, targets))
        if gone := await self._database.write(
            lambda db: crm_jobs.give_up_others(db, targets, now())
        ):
            logger.warning("%d entries were for systems that are not configured any more", gone)

    async def run(self) -> None:
        """Tell, for ever; each system for itself."""
        async with asyncio.TaskGroup() as running:
            for carrier in self.carriers.values():
                running.create_task(carrier.run())

    def wake(self) -> None:
        """Look for something to be told now."""
        for carrier in self.carriers.values():
            carrier.wake()

    @property
    def reasons(self) -> list[str]:
        """Which systems take nothing now, and since when."""
        return [
            f"{target} takes nothing since {one.since.isoformat(timespec='minutes')}:"
            f" {one.failing}; it is caught up by itself"
            for target, one in self.carriers.items()
            if one.since is not None
        ]

    def told(self, counts: Counts) -> Json:
        """Return how each system is, in the shape of `alexia status --json`."""
        empty = {"waiting": 0, "dead": 0}
        return {
            target.value: {
                **empty, **counts.get(target, {}),
                "since": None if one.since is None else one.since.isoformat(),
                "reason": one.failing,
            }
            for target, one in self.carriers.items()
        }  # fmt: skip

    async def answer(self, request: Json) -> Json:
        """Do what a person asks of one system, or of all: test, set_up, sync."""
        named = str(request.get("target") or "")
        meant = [one for target, one in self.carriers.items() if named in ("", target)]
        if not meant:
            known = ", ".join(self.carriers)
            none = "no other system is configured; write one under crm: in config.yaml"
            other = f"no system {named!r} is configured; known: {known}"
            return {"done": False, "reason": other if known else none}
        match request.get("action"):
            case "test":
                return {"done": True, "found": {one.system.target: await _looked(one.system)
                                                for one in meant}}  # fmt: skip
            case "setup":
                return {"done": True, "found": {one.system.target: await _set_up(one.system)
                                                for one in meant}}  # fmt: skip
            case _:
                return {"done": True, "found": {one.system.target: await self._noted(one.system)
                                                for one in meant}}  # fmt: skip

    async def _noted(self, system: Tells) -> list[str]:
        """Note that everything is to be told anew."""
        target = system.target
        if target is not Target.HUBSPOT:
            return ["nothing is to be told anew: each message is told once"]
        count = await self._database.write(lambda db: crm_jobs.note_all_leads(db, target))
        self.carriers[target].wake()
        return ["1 lead is told anew" if count == 1 else f"{count} leads are told anew"]


def _systems(own: Parts) -> list[Tells]:
    crm = own.config.crm
    systems: list[Tells] = []
    if crm.hubspot is not None:
        systems.append(HubSpotSystem(own.database, own.webhook, crm.hubspot, own.name, now))
    if crm.chatwoot is not None and (inbox := own.config.sessions[0].chatwoot_inbox):
        held = own.database, own.files, own.webhook
        systems.append(ChatwootSystem(*held, crm.chatwoot, inbox, now))
    return systems


async def _looked(system: Tells) -> list[str]:
    try:
        return await system.look()
    except (Declined, Unavailable) as failure:
        return [str(failure)]


async def _set_up(system: Tells) -> list[str]:
    try:
        return [f"made: {one}" for one in await system.set_up()] or ["nothing was missing"]
    except (Declined, Unavailable) as failure:
        return [str(failure)]
