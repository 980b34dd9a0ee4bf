"""What befalls the account is heard by rules in the account's own chat."""

from bot.domain.messages import ChatId
from bot.domain.turns import EventRaised
from bot.store import events
from tests.make import ACCOUNT, NOW

RULES = """\
version: 1
rules:
  - id: restricted
    when: {event: account.restricted, where: {restricted: "true"}}
    do: {notify: {to: "+5511900000009", text: "WhatsApp restricts new chats."}}
"""


async def test_a_rule_tells_the_team_of_a_restriction_and_not_of_its_end(office):
    desk = office(RULES)
    own = ChatId(ACCOUNT)
    for restricted in (True, False):
        event = EventRaised(name="account.restricted", data={"restricted": restricted})
        await desk.database.write(
            lambda db, event=event: events.queue(db, ACCOUNT, own, event, NOW, "account|x")
        )
        await desk.pipeline.step((ACCOUNT, own))

    assert await desk.said() == ["WhatsApp restricts new chats."]
    assert await desk.said("5511900000009@c.us") == ["WhatsApp restricts new chats."]
