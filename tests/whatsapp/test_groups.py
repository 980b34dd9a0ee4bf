from datetime import UTC, datetime

import pytest

from bot.domain.errors import GroupRefused
from bot.domain.groups import MemberChange, Move, Outcome
from bot.whatsapp.groups import PageGroups, read_group, read_move
from tests.make import ACCOUNT, ANA, BO, NOW

TEAM = "120363000000000001@g.us"
RAW = {
    "id": TEAM, "subject": "Te\0am", "description": "d" * 9000, "owner": ANA, "created": 1700000000,
    "isMember": True, "isAdmin": False,
    "members": [{"id": ANA, "admin": True, "owner": True}, {"id": BO}, {"id": None}, {}],
}  # fmt: skip


class Page:
    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def ask(self, command, within):
        self.asked.append(command)
        return self.answers.pop(0)


def ok(value):
    return {"ok": True, "value": value}


def test_a_group_of_the_page_becomes_ours():
    group = read_group(RAW)

    assert (group.id, group.subject, len(group.description)) == (TEAM, "Te�am", 4096)
    assert [(one.address, one.is_admin, one.is_owner) for one in group.members] == [
        (ANA, True, True), (BO, False, False)
    ]  # fmt: skip
    assert group.created_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("raw", [{}, {"id": 7, "created": "x"}, {"id": TEAM, "created": -1}])
def test_a_strange_group_is_harmless(raw):
    assert read_group(raw).created_at is None


def test_a_move_has_the_pages_time_so_that_it_counts_once():
    raw = {"chat": TEAM, "action": "join", "by": ANA, "members": [BO, None], "t": 1700000000500}

    moved = read_move(raw, ACCOUNT, NOW)

    assert (moved.move, moved.members) == (Move.JOINED, (BO,))
    assert moved.at == datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=UTC)
    assert read_move({**raw, "t": None}, ACCOUNT, NOW).at == NOW


@pytest.mark.parametrize(
    "raw",
    [{}, {"chat": TEAM, "action": "dance", "members": [BO]}, {"chat": TEAM, "action": "add"}],
)
def test_what_is_no_move_is_dropped(raw):
    assert read_move(raw, ACCOUNT, NOW) is None


async def test_each_member_has_a_result():
    told = [
        {"id": ANA, "code": 200}, {"id": BO, "code": 403, "invite": "abc"},
        {"id": ACCOUNT, "code": 999},
    ]  # fmt: skip
    changed = []
    page = Page(ok(told))
    groups = PageGroups(page.ask)

    async def note(chat):
        changed.append(chat)

    groups.on_changed = note
    results = await groups.change_members(TEAM, MemberChange.ADD, [ANA, BO, ACCOUNT])

    assert [(one.outcome, one.invite) for one in results] == [
        (Outcome.DONE, ""), (Outcome.INVITE, "abc"), (Outcome.REFUSED, "")
    ]  # fmt: skip
    assert page.asked == [{"do": "group_add", "chat": TEAM, "members": [ANA, BO, ACCOUNT]}]
    assert changed == [TEAM]


async def test_a_refusal_says_what_to_do():
    refusal = {"ok": False, "code": "group_you_are_not_admin", "said": "You are not admin"}

    with pytest.raises(GroupRefused, match="an admin must make it one"):
        await PageGroups(Page(refusal).ask).rename(TEAM, "x")


def test_a_code_that_nobody_knows_is_named():
    assert str(GroupRefused("odd", "so it is")) == "WhatsApp refused it (odd) so it is"
