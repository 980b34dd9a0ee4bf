"""Private chats are conversations in Chatwoot, whole and in order, and never twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import Secret
from bot.config.crm import Chatwoot
from bot.crm.chatwoot import ChatwootSystem, label_of
from bot.domain.bodies import Attachment, Poll
from bot.domain.crm import JobKind, Target
from bot.domain.messages import ContactCard, Location, Media, MessageKind, Origin
from bot.domain.outgoing import Why
from bot.store import (
    concealing,
    contacts,
    crm_jobs,
    crm_links,
    dead,
    drafts,
    erasing,
    identities,
    inbox,
    media,
)
from bot.store.media_files import MediaFiles
from bot.webhook import Answer
from tests.crm.chatwoot_stub import BASE, SECRET, ChatwootStub
from tests.crm.contract import down
from tests.crm.stage import PHOTO, Stage, arrive, bring, fetch
from tests.make import ACCOUNT, ANA, BO, NOW, message

SETTINGS = Chatwoot(
    url=BASE, token=Secret("t"), webhook_secret=Secret(SECRET), inbox=3, teams={"support": 8}
)
HANDOFF = '{"handoff": ["support", "", "", ""]}'


class ChatStage(Stage):
    """A chat with messages both ways."""

    sent = 0

    def hear(self, *messages, **more):
        self.write(lambda db: inbox.record_all(db, messages, self.now, **more))

    def say(self, text="hello", *, chat=ANA, cause=None, why=Why.ANSWER, body=None, **more):
        self.sent += 1
        cause = cause or f"c{self.sent}"
        draft = drafts.Draft(
            account=ACCOUNT, chat=chat, text=text, why=why, by="rule:x", due_at=self.now, body=body,
            **more,
        )  # fmt: skip

        def work(db):
            drafts.reserve(db, b"s", cause, [draft], self.now)
            db.execute("UPDATE outbox SET state = 'sent' WHERE cause = ?", (cause,))

        self.write(work)

    def mute(self, until, chat=ANA, state=HANDOFF):
        moment = None if until is None else until.timestamp()
        self.write(
            lambda db: db.execute(
                "INSERT INTO conversations (account, chat, contact_id, version, state, flow, step,"
                " muted_until) VALUES (?,?,1,1,?,'','',?)"
                " ON CONFLICT DO UPDATE SET muted_until = excluded.muted_until",
                (ACCOUNT, chat, state, moment),
            )
        )

    def tag(self, person, name, *, on=True):
        self.write(lambda db: contacts.tag(db, person, name, self.now, on=on))

    def link(self, chat=ANA):
        return self.read(lambda db: crm_links.find(db, Target.CHATWOOT, chat, "conversation"))


@pytest.fixture
def stub():
    return ChatwootStub()


@pytest.fixture
def stage(tmp_path, stub):
    stage = ChatStage(
        tmp_path,
        lambda database: ChatwootSystem(
            database, MediaFiles(tmp_path), stub, SETTINGS, 3, lambda: stage.now
        ),
    )
    yield stage
    stage.database.close()


async def test_what_is_said_both_ways_stands_in_one_conversation(stage, stub):
    stage.hear(message("hi", id="A1"))
    stage.say("hello")
    stage.hear(message("a pizza", id="A2"), message("I take it", id="P1", from_me=True))

    await stage.settle()

    assert stub.texts() == [
        ("incoming", "hi"), ("outgoing", "hello"), ("incoming", "a pizza"),
        ("outgoing", "I take it"),
    ]  # fmt: skip
    (talk,) = stub.conversations.values()
    assert (talk["status"], talk["inbox_id"], talk["source_id"]) == ("pending", 3, "uuid-1")
    (ana,) = stub.contacts.values()
    assert (ana["name"], ana["phone_number"], ana["identifier"]) == (
        "Ana Souza", "+5511987654321", ANA
    )  # fmt: skip
    assert stage.counts == {}


async def test_somebody_who_is_known_there_keeps_their_contact_and_conversation(stage, stub):
    ana = stub.add_contact(name="Ana from the fair", phone_number="+5511987654321")
    stub.add_contact(name="+5511987654321 of somebody else", phone_number="+4915112345678")
    stage.hear(message("hi"))
    await stage.settle()

    assert ana["contact_inboxes"] == [{"source_id": ANA, "inbox": {"id": 3}}]
    assert stub.conversations[1]["source_id"] == ANA

    stage.write(lambda db: db.execute("DELETE FROM crm_links"))
    stub.conversations[2] = {
        "id": 2,
        "inbox_id": 9,
        "contact_id": 1,
        "status": "open",
        "labels": [],
    }
    stage.hear(message("again", id="A2"))
    await stage.settle()
    assert len(stub.conversations) == 2
    assert stub.texts() == [("incoming", "hi"), ("incoming", "again")]


SAID = [
    (message("a cat", kind=MessageKind.IMAGE), "[image] a cat"),
    (message("", kind=MessageKind.DOCUMENT,
             media=Media(kind=MessageKind.DOCUMENT, mimetype="x", filename="a.pdf", size=1)),
     "[document] a.pdf"),
    (message("", kind=MessageKind.LOCATION,
             location=Location(latitude=1.5, longitude=2.5, text="Home")),
     "[location] 1.5,2.5 Home"),
    (message("", kind=MessageKind.CONTACT, card=ContactCard(name="Bo", number="+49151")),
     "[contact] Bo +49151"),
    (message("", kind=MessageKind.REACTION, reaction="👍"), "👍"),
    (message("", kind=MessageKind.VOICE), "[voice]"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "text"), SAID)
async def test_what_is_no_text_is_told_in_words(stage, stub, told, text):
    stage.hear(told)

    await stage.settle()

    assert stub.texts() == [("incoming", text)]


def photo(id="P1", **more):
    return message("", kind=MessageKind.IMAGE, media=PHOTO, id=id, **more)


async def test_a_customers_file_follows_the_words_when_it_is_here(stage, stub, tmp_path):
    told = photo()
    row = arrive(stage, told)
    stage.hear(message("look", id="A2"))
    await stage.settle()
    assert stub.texts() == [("incoming", "[image] maçã 1.jpg"), ("incoming", "look")]

    fetch(stage, MediaFiles(tmp_path), row, told.media)
    await stage.settle()

    file = stub.messages[3]
    assert file["attachments[]"] == ["maçã 1.jpg", "image/jpeg", 300_000]
    assert (file["message_type"], file["source_id"]) == ("incoming", "alexia:P1:file")
    assert stage.counts == {}


async def test_a_file_whose_answer_was_lost_is_not_posted_twice(stage, stub, tmp_path):
    await stage.settle()
    bring(stage, MediaFiles(tmp_path), photo())
    await stage.carrier.step()
    stub.loses = 1
    await stage.over(timedelta(minutes=5))

    assert [one.get("source_id") for one in stub.messages.values()] == [
        "alexia:P1", "alexia:P1:file"
    ]  # fmt: skip


async def test_a_file_that_is_sensitive_too_large_or_asked_for_again_stays_here(
    stage, stub, tmp_path
):
    files = MediaFiles(tmp_path)
    secret = photo("S1")
    row = arrive(stage, secret, guarded=True)
    stage.write(lambda db: concealing.conceal(db, [row]))
    stage.write(lambda db: db.execute("UPDATE inbox SET state = 'decided'"))
    fetch(stage, files, row, secret.media)
    large = replace(PHOTO, filename="film.mp4", size=41 * 1024 * 1024)
    bring(stage, files, replace(photo("L1"), media=large))
    other = photo("O1")
    again = arrive(stage, other)
    stage.write(lambda db: media.give_up(db, again, "gone"))
    stage.write(lambda db: media.want(db, again, stage.now))
    fetch(stage, files, again, other.media)
    await stage.over(timedelta(minutes=1))

    assert [text for _, text in stub.texts()] == [
        "[image] •••", "[image] film.mp4", "[image] maçã 1.jpg"
    ]  # fmt: skip
    assert stage.counts == {}


async def test_files_and_polls_of_ours_are_told_in_words(stage, stub):
    stage.say("The menu", body=Attachment(kind=MessageKind.IMAGE, url="https://x.example/m.png"))
    stage.say("1. a", body=Poll(question="Which?", options=("a",)))
    stage.say("•••", is_sensitive=True)

    await stage.settle()

    assert [text for _, text in stub.texts()] == ["[image] The menu", "[poll] 1. a", "•••"]


async def test_groups_staff_history_and_agents_own_words_are_not_told(stage, stub):
    stage.hear(
        message(chat="1203630@g.us"), message(origin=Origin.HISTORY, id="H"),
        message("", kind=MessageKind.SYSTEM, id="S"), message(chat=ACCOUNT, id="N"),
        message("", id="E"),
    )  # fmt: skip
    stage.say("note", chat=BO, why=Why.NOTIFY)
    stage.say("from there", cause="api|chatwoot-7-0", why=Why.PERSON)
    await stage.settle()

    assert stub.messages == {}


async def test_a_ciphertext_is_told_when_it_can_be_read(stage, stub):
    stage.hear(message("", kind=MessageKind.CIPHERTEXT))
    stage.hear(message("read"))

    await stage.settle()

    assert stub.texts() == [("incoming", "read")]


async def test_what_may_be_sensitive_waits_until_that_is_decided(stage, stub):
    stage.hear(message("4711", id="A1"), guarded=True)
    stage.hear(message("next", id="A2"))
    await stage.settle()
    assert stub.messages == {}

    stage.write(lambda db: db.execute("UPDATE inbox SET state = 'decided' WHERE message_id = 'A1'"))
    await stage.over(timedelta(seconds=40))
    assert stub.texts() == [("incoming", "•••"), ("incoming", "next")]
    assert ("GET", "/api/v1/accounts/1/conversations/1/messages") not in stub.asked


@pytest.mark.parametrize("keeps", [True, False])
async def test_an_outage_of_a_day_is_caught_up_in_order_and_without_doubles(stage, stub, keeps):
    stub.keeps_source_ids = keeps
    chats = [ANA, BO, "5511900000007@c.us"]
    stub.trouble = down
    for hour in range(24):
        for chat in chats:
            stage.hear(message(f"q{hour}", id=f"{chat}-{hour}", chat=chat))
            stage.say(f"a{hour}", chat=chat)
        await stage.over(timedelta(hours=1), step=timedelta(minutes=10))
        if hour % 8 == 6:
            stage.restart()
    assert stub.asked == []
    assert stage.counts == {"waiting": 24 * 2 * 3, "dead": 0}

    stub.trouble = lambda method, path: None
    lost = list(range(5, 200, 5))

    def loses(method, path):
        if len(stub.asked) in lost:
            lost.remove(len(stub.asked))
            stub.loses = 1

    stub.trouble = loses
    await stage.over(timedelta(hours=3), step=timedelta(seconds=30))

    wanted = [pair for hour in range(24)
              for pair in (("incoming", f"q{hour}"), ("outgoing", f"a{hour}"))]  # fmt: skip
    assert len(lost) < 10
    assert len(stub.contacts) == len(stub.conversations) == 3
    assert [stub.texts(number) for number in (1, 2, 3)] == [wanted] * 3
    assert stage.counts == {}


async def test_tags_become_labels_and_those_of_agents_stay(stage, stub):
    ana = stage.meet()
    stage.tag(ana, "VIP, gold")
    stage.hear(message("hi"))
    await stage.settle()
    assert stub.conversations[1]["labels"] == ["vip-gold"]

    stub.conversations[1]["labels"].append("billing")
    stage.tag(ana, "hot")
    await stage.settle()
    assert stub.conversations[1]["labels"] == ["billing", "hot", "vip-gold"]

    stage.tag(ana, "hot", on=False)
    stage.tag(ana, "VIP, gold", on=False)
    await stage.settle()
    assert stub.conversations[1]["labels"] == ["billing"]


async def test_a_handoff_opens_the_conversation_for_its_team_and_its_end_gives_it_back(stage, stub):
    stage.hear(message("a person please"))
    await stage.settle()

    stage.mute(stage.now + timedelta(hours=12))
    await stage.settle()
    assert (stub.conversations[1]["status"], stub.conversations[1]["team_id"]) == ("open", 8)

    stage.mute(None)
    await stage.settle()
    assert stub.conversations[1]["status"] == "pending"


async def test_a_handoff_without_a_word_makes_the_conversation(stage, stub):
    stage.mute(stage.now + timedelta(hours=1), chat="99@lid", state="{}")

    await stage.settle()

    assert stub.conversations[1]["status"] == "open"
    assert "team_id" not in stub.conversations[1]
    assert (stub.contacts[1]["name"], stub.contacts[1].get("phone_number")) == ("99@lid", None)


async def test_a_resolved_conversation_stays_so_until_the_customer_writes(stage, stub):
    stage.hear(message("hi"))
    stage.mute(stage.now + timedelta(hours=12))
    await stage.settle()
    stub.conversations[1]["status"] = "resolved"
    link = stage.link()
    stage.write(lambda db: crm_links.learn(db, link, status="resolved"))
    stage.mute(None)
    await stage.settle()
    assert stub.conversations[1]["status"] == "resolved"

    stage.hear(message("me again", id="A2"))
    await stage.settle()
    assert stub.conversations[1]["status"] == "pending"


async def test_a_message_that_is_refused_is_set_aside_and_the_next_go_on(stage, stub):
    stub.trouble = lambda method, path: (
        Answer(status=422) if method == "POST" and path.endswith("messages") and not went else None
    )
    went = []
    stage.hear(message("one", id="A1"))
    await stage.settle()
    went.append(True)
    stage.hear(message("two", id="A2"))
    await stage.settle()

    assert stub.texts() == [("incoming", "two")]
    (listed,) = stage.read(dead.list_dead)
    assert listed["event"] == "chatwoot.heard"


async def test_an_answer_without_an_id_is_tried_again(stage, stub):
    stub.do = lambda method, path, query, body: (200, {"payload": {}} if method == "POST" else {})
    stage.hear(message())

    await stage.settle()

    assert stage.carrier.failing == "the answer has no id"


async def test_a_chat_that_goes_on_under_its_number_keeps_its_conversation(stage, stub):
    stage.write(lambda db: contacts.meet(db, "99@lid", "Ana", NOW))
    stage.hear(message("hi", chat="99@lid"))
    await stage.settle()
    stage.hear(message("more", id="A2", chat="99@lid"))

    stage.write(lambda db: identities.learn(db, ACCOUNT, "99@lid", ANA, NOW))
    stage.hear(message("and more", id="A3"))
    await stage.settle()

    assert [text for _, text in stub.texts()] == ["hi", "more", "and more"]
    assert len(stub.conversations) == 1
    assert stage.read(
        lambda db: crm_links.lane_of(db, Target.CHATWOOT, "conversation", "1")
    ) == ANA  # fmt: skip


async def test_who_is_erased_is_told_no_more(stage, stub):
    ana = stage.meet()
    stage.hear(message("hi"))
    job = stage.read(lambda db: crm_jobs.next_due(db, Target.CHATWOOT, stage.now))
    stage.write(lambda db: erasing.erase(db, ana))
    assert stage.counts == {}

    await stage.system.tell(job)
    assert stub.asked == []


async def test_a_message_of_ours_that_is_gone_is_nothing(stage, stub):
    stage.say("x")
    stage.write(lambda db: db.execute("DELETE FROM outbox"))
    await stage.settle()

    assert stub.asked == []


async def test_jobs_of_other_systems_are_none_of_it(stage, stub):
    stage.write(lambda db: crm_jobs.note(db, Target.CHATWOOT, "1", JobKind.LEAD))
    await stage.settle()

    assert (stub.asked, stage.counts) == ([], {})


async def test_a_look_tells_an_inbox_of_another_kind(stage, stub, tmp_path):
    assert await stage.system.look() == []
    files = MediaFiles(tmp_path)
    other = ChatwootSystem(stage.database, files, stub, SETTINGS, 4, lambda: NOW)
    assert await other.look() == ["inbox 4 is no API inbox: Channel::Email"]
    assert await other.set_up() == []


async def test_what_changes_of_a_link_that_is_another_now_is_not_noted(stage, stub):
    stage.hear(message("hi"))
    await stage.settle()
    link = stage.link()
    stage.write(lambda db: crm_links.forget(db, link))

    stage.write(lambda db: crm_links.learn(db, link, status="open"))

    assert stage.link() is None


@pytest.mark.parametrize(
    ("tag", "label"), [("VIP", "vip"), ("two words", "two-words"), ("a,b", "a-b"), ("!!", "")]
)
def test_labels_are_written_as_chatwoot_writes_them(tag, label):
    assert label_of(tag) == label


class Died(BaseException):
    """The daemon is gone in this moment."""


@pytest.mark.parametrize("is_done", [False, True])
async def test_a_death_at_any_request_posts_nothing_twice(stage, stub, is_done):
    ana = stage.meet()
    stage.tag(ana, "vip")
    stage.mute(stage.now + timedelta(hours=1))
    stage.hear(message("one", id="A1"), message("two", id="A2"))
    done, deaths = stub.do, []

    def dies(*request):
        if len(deaths) >= 12 or (deaths and deaths[-1] == request[:2]):
            return done(*request)
        deaths.append(request[:2])
        if is_done:
            done(*request)
        raise Died

    stub.do = dies
    for _ in range(40):
        try:
            await stage.settle()
        except Died:
            stage.restart()

    assert len(deaths) >= 8
    assert (len(stub.contacts), len(stub.conversations), stage.counts) == (1, 1, {})
    assert stub.texts() == [("incoming", "one"), ("incoming", "two")]
    assert (stub.conversations[1]["status"], stub.conversations[1]["labels"]) == ("open", ["vip"])


async def test_an_older_copy_of_the_database_posts_nothing_again(stage, stub):
    stage.hear(message("one", id="A1"))
    copy = stage.read(lambda db: [tuple(row) for row in db.execute("SELECT * FROM crm_jobs")])
    await stage.settle()
    stage.write(
        lambda db: db.executemany("INSERT INTO crm_jobs VALUES (?,?,?,?,?,?,?,?,?,?,?)", copy)
    )
    stage.write(lambda db: db.execute("DELETE FROM crm_links"))
    stage.restart()

    await stage.settle()

    assert stub.texts() == [("incoming", "one")]
    assert (len(stub.conversations), stage.counts) == (1, {})


async def test_a_message_that_alone_fails_for_an_hour_holds_its_chat_up_no_longer(stage, stub):
    posted = stub.do
    stub.do = lambda method, path, query, body: (
        (500, {}) if (body or {}).get("content") == "poison" else posted(method, path, query, body)
    )
    stage.hear(message("poison", id="A1"), message("after", id="A2"))
    for minute in range(13):
        stage.hear(message(f"b{minute}", id=f"B{minute}", chat=BO))
        await stage.over(timedelta(minutes=5), step=timedelta(minutes=1))

    texts = [one["content"] for one in stub.messages.values()]
    assert texts[-2:] == ["b12", "after"] or texts[-2:] == ["after", "b12"]
    assert stage.counts == {"waiting": 0, "dead": 1}
    assert stage.read(dead.list_dead)[0]["reason"].startswith("status 500")
