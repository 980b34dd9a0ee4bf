"""Groups: what the account's page, other members and their phones do to them."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from time import time

from bot.emulator.addresses import checked_address, new_id
from bot.emulator.fields import Fields
from bot.emulator.ledger import Entry
from bot.emulator.messages import Message
from bot.emulator.pages import Pages
from bot.emulator.people import Account, Group
from bot.emulator.web import Refused
from bot.emulator.wire import group_for_page, seen_address
from bot.emulator.world import World

DOES = (
    "create", "add", "remove", "promote", "demote", "leave", "subject", "description", "invite",
    "revoke", "look", "join",
)  # fmt: skip
FOR_MEMBERS = ("leave", "look", "join", "create", "subject", "description")  # no admin is needed
ADDED, RESTRICTED, NOBODY, THERE = "200", "403", "404", "409"


def new_code() -> str:
    """Return a fresh code of an invite link."""
    return secrets.token_urlsafe(16).replace("-", "A").replace("_", "B")


class Groups:
    """Changes groups and tells the pages."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages

    # what the page of an account does

    def ask(self, account: Account, fields: Fields) -> Entry:
        """Do what a page asks; answer what it needs to know."""
        do = fields.choice("do", DOES)
        members = [self._world.phone(one) for one in fields.texts("members")]
        text, id_ = fields.text("text", ""), fields.text("id", "")
        fields.done()
        if do == "create":
            return self._create(account, text, members)
        group = self._by_code(text) if do in {"join", "look"} else self._known(id_)
        if do == "look":
            return {"id": group.id, "subject": group.subject, "size": len(group.participants)}
        if do not in FOR_MEMBERS and account.id not in group.admins:
            raise Refused(403, f"{account.id} is no admin of {group.id}")
        if do == "invite":
            return {"code": self._code(group)}
        answer: Entry = {}
        if do == "revoke":
            group = replace(group, invite=new_code())
            answer = {"code": group.invite}
        elif do == "add":
            answer = {"told": [self._admit(group, one) for one in members]}
            members = [
                one for one, found in zip(members, _entries(answer), strict=True)
                if found["code"] == ADDED
            ]  # fmt: skip
            group = changed(group, add=members)
        else:
            group = self._changed(group, do, members, text, account)
        self._world.put_group(group)
        self._world.put_event("group", account.id, group.id, do=do, members=members, text=text)
        return {**answer, **group_for_page(self._world, account, group)}

    def _create(self, account: Account, subject: str, members: Sequence[str]) -> Entry:
        group = Group(
            id=f"{120363 * 10**12 + int(time() * 1000)}@g.us", subject=subject,
            participants=[account.id], admins=[account.id], owner=account.id, created=int(time()),
        )  # fmt: skip
        found = [self._admit(group, one) for one in members]
        added = [one for one, its in zip(members, found, strict=True) if its["code"] == ADDED]
        group = changed(group, add=added)
        self._world.put_group(group)
        self._world.put_event("group", account.id, group.id, do="create", members=added)
        return {"told": found, "group": group_for_page(self._world, account, group)}

    def _changed(
        self, group: Group, do: str, members: Sequence[str], text: str, account: Account
    ) -> Group:
        match do:
            case "remove":
                return changed(group, remove=members)
            case "promote":
                return changed(group, promote=members)
            case "demote":
                return changed(group, demote=members)
            case "subject":
                return replace(group, subject=text)
            case "description":
                return replace(group, description=text)
            case "join":
                return replace(changed(group, add=[account.id]), left=_without(group.left, account))
            case _:  # leave
                return replace(
                    changed(group, remove=[account.id]), left=[*group.left, account.id]
                )  # fmt: skip

    def _admit(self, group: Group, member: str) -> Entry:
        """Tell whether somebody may be added, and with which code to invite when not."""
        person = self._world.person(member)
        answer: Entry = {"id": member, "code": ADDED, "invite": None, "until": None}
        if member in group.participants:
            answer["code"] = THERE
        elif not self._world.is_on_whatsapp(member):
            answer["code"] = NOBODY
        elif person.invite_only:
            answer |= {"code": RESTRICTED, "invite": new_code(), "until": int(time()) + 3 * 86400}
        return answer

    def _code(self, group: Group) -> str:
        if not group.invite:
            group = replace(group, invite=new_code())
            self._world.put_group(group)
        return group.invite

    def _by_code(self, code: str) -> Group:
        for group in self._world.groups.values():
            if code and group.invite == code:
                return group
        raise Refused(404, "no group has this invite code")

    def _known(self, id_: str) -> Group:
        group = self._world.groups.get(id_)
        if group is None:
            raise Refused(404, f"no group {id_}")
        return group

    # what others do to a group of an account

    def change(self, account: Account, fields: Fields) -> None:
        """Make a group, or change it as its members would, and tell the pages."""
        id_ = checked_address(fields.text("id"))
        old = self._world.groups.get(id_)
        group = old or Group(id=id_, created=int(time()))

        def people(name: str) -> list[str]:
            return [self._world.phone(checked_address(one)) for one in fields.texts(name)]

        group = replace(
            group,
            participants=people("participants") or group.participants,
            admins=people("admins") or group.admins,
            subject=fields.text("subject", group.subject),
            description=fields.text("description", group.description),
        )
        moved = {name: people(name) for name in ("add", "remove", "promote", "demote")}
        by = self._by(fields, group)
        by_link = fields.flag("by_link")
        fields.done()
        group = changed(group, **moved)
        back = [one for one in group.left if one not in moved["add"]]
        gone = [account.id] if account.id in moved["remove"] else []
        group = replace(group, left=[*back, *gone])
        self._world.put_group(group)
        self._tell(account, group, moved, by, by_link=by_link)
        if old is not None and (old.subject, old.description) != (group.subject, group.description):
            self._tell_renamed(account, group, by)

    def _by(self, fields: Fields, group: Group) -> str | None:
        named = fields.maybe_text("by")
        if named is not None:
            return self._world.phone(checked_address(named))
        return next(iter(group.admins), None)

    def _tell(
        self, account: Account, group: Group, moved: dict[str, list[str]], by: str | None, *,
        by_link: bool,
    ) -> None:  # fmt: skip
        hidden = self._world.faults.lid_chats

        def seen(address: str) -> str:
            own = address == account.id
            return address if own else seen_address(self._world, address, hidden=hidden)

        wire = group_for_page(self._world, account, group)
        wire["changes"] = [
            {
                "action": action, "members": [seen(one) for one in members],
                "by": seen(members[0] if by is None or by_link else by), "by_link": by_link,
            }
            for action, members in moved.items()
            if members
        ]  # fmt: skip
        self._pages.push(account.id, wire)

    def _tell_renamed(self, account: Account, group: Group, by: str | None) -> None:
        """A line in the chat says that the group's subject or description is another now."""
        message = Message(
            n=self._world.next_n(), account=account.id, incoming=True, id=new_id(), chat=group.id,
            sender=by or account.id, type="gp2", body=group.subject, t=int(time()),
            put=int(time()), ack=1,
        )  # fmt: skip
        self._world.put_message(message)
        self._pages.deliver_upto(account, message.n)


def changed(
    group: Group, *, add: Sequence[str] = (), remove: Sequence[str] = (),
    promote: Sequence[str] = (), demote: Sequence[str] = (),
) -> Group:  # fmt: skip
    """Return the group with other members and admins."""
    members = [one for one in group.participants if one not in {*add, *remove}]
    admins = [one for one in group.admins if one not in {*remove, *promote, *demote}]
    return replace(group, participants=[*members, *add], admins=[*admins, *promote])


def _without(addresses: Sequence[str], account: Account) -> list[str]:
    return [one for one in addresses if one != account.id]


def _entries(answer: Entry) -> list[Entry]:
    found = answer["told"]
    assert isinstance(found, list)
    return found
