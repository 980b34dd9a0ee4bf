"""Each point of a lead is explained: which rule or flow gave it, in which turn, and with what."""

from bot.domain.leads import Standing
from bot.store import contacts, lead_history
from tests.make import ANA, message

RULES = """\
version: 1
rules:
  - {id: warm, when: {keyword: price}, do: [{lead: {score: "+10", note: asked for a price}}]}
  - {id: tells, when: {keyword: city}, do: [{lead: {fields: {city: Rome}}}]}
flows:
  qualify:
    when: {keyword: house}
    steps:
      - lead: {stage: qualified, score: "+40", owner: Bea}
      - reply: Noted.
"""


async def history(database):
    return await database.read(lambda db: lead_history.of(db, contacts.find(db, ANA).id))


async def test_each_change_names_its_rule_its_message_and_its_points(office, database):
    texts = ("price", "price", "house", "city", "hello")
    at = office(RULES)
    await at.take(*[message(text, id=f"{n} {text}") for n, text in enumerate(texts)])

    found = await history(database)

    assert [(one.by, one.points, one.note) for one in found] == [
        ("rule:warm", 10, "asked for a price"),
        ("rule:warm", 10, "asked for a price"),
        ("flow:qualify", 40, ""),
    ]
    assert [one.cause.rpartition("|")[2] for one in found] == ["0 price", "1 price", "2 house"]
    assert found[0].before == Standing()
    assert found[-1].after == Standing(stage="qualified", score=60, owner="Bea")
