"""Groups that live in memory."""

from dataclasses import replace

from bot.domain.errors import GroupRefused
from bot.domain.groups import (
    Group,
    GroupCreated,
    Member,
    MemberChange,
    MemberResult,
    Outcome,
)
from bot.domain.messages import ChatId
from tests.make import ACCOUNT, ANA

TEAM = ChatId("120363000000000001@g.us")
NOBODY = "5511900000099@c.us"  # not on WhatsApp


def team(**changes):
    members = (Member(address=ACCOUNT, is_admin=True), Member(address=ANA))
    return replace(Group(id=TEAM, subject="Team", members=members, is_admin=True), **changes)


class MemoryGroups:
    """Implements `ports.Groups`."""

    def __init__(self):
        self.held = {TEAM: team()}
        self.codes = 0
        self.failure = None
        self.looks = 0

    async def list_groups(self):
        self._may()
        return tuple(self.held.values())

    async def look_at(self, chat):
        self.looks += 1
        self._may()
        return self._group(chat)

    async def create(self, subject, members):
        self._may()
        results = tuple(_result(one) for one in members)
        made = ChatId(f"12036300000000009{len(self.held)}@g.us")
        there = tuple(Member(address=one.address) for one in results if one.outcome is Outcome.DONE)
        if not there:
            raise GroupRefused("not_on_whatsapp")
        self.held[made] = Group(id=made, subject=subject, members=there, is_admin=True)
        return GroupCreated(id=made, results=results)

    async def change_members(self, chat, change, members):
        group = self._led(chat)
        kept = tuple(one for one in group.members if one.address not in members)
        fresh = tuple(Member(address=one, is_admin=change is MemberChange.PROMOTE)
                      for one in members)  # fmt: skip
        self.held[chat] = replace(
            group, members=kept if change is MemberChange.REMOVE else (*kept, *fresh)
        )
        return tuple(_result(one) for one in members)

    async def rename(self, chat, subject):
        self.held[chat] = replace(self._led(chat), subject=subject)

    async def describe(self, chat, description):
        self.held[chat] = replace(self._led(chat), description=description)

    async def invite_code(self, chat, *, renew=False):
        self._led(chat)
        self.codes += renew
        return f"code{self.codes}"

    async def join(self, code):
        if code != f"code{self.codes}":
            raise GroupRefused("invalid_invite_code")
        self.held[TEAM] = replace(self.held[TEAM], is_member=True)
        return TEAM

    async def leave(self, chat):
        self.held[chat] = replace(self._group(chat), is_member=False)

    def _may(self):
        if self.failure:
            raise self.failure

    def _group(self, chat):
        if chat not in self.held:
            raise GroupRefused("chat_not_found")
        return self.held[chat]

    def _led(self, chat):
        self._may()
        group = self._group(chat)
        if not group.is_admin:
            raise GroupRefused("group_you_are_not_admin")
        return group


def _result(address):
    outcome = Outcome.NOT_ON_WHATSAPP if address == NOBODY else Outcome.DONE
    return MemberResult(address=address, outcome=outcome)
