import asyncio
import threading

import pytest

from bot.domain.understanding import IntentScore, Need, Understanding
from bot.nlu.batches import Asked, ModelThread

NEEDS = frozenset({Need.INTENT})


def echo(batch):
    return [
        Understanding(intents=(IntentScore(name=one.text, score=1.0, accepted=True),))
        for one in batch
    ]


def asked(text):
    return Asked(text=text, needs=NEEDS, language="en")


@pytest.fixture
def opened():
    threads = []

    def build(read, deadline=5.0):
        thread = ModelThread(read, deadline=deadline)
        thread.start()
        threads.append(thread)
        return thread

    yield build
    for thread in threads:
        thread.close()


async def test_a_thousand_texts_at_once_each_get_their_own_answer(opened):
    sizes = []

    def read(batch):
        sizes.append(len(batch))
        return echo(batch)

    thread = opened(read)
    found = await asyncio.gather(*(thread.ask(asked(str(at))) for at in range(1000)))

    assert [one.intents[0].name for one in found] == [str(at) for at in range(1000)]
    assert max(sizes) <= 32
    assert len(sizes) < 1000


async def test_a_hung_model_holds_a_caller_to_the_deadline_and_the_next_not_at_all(opened):
    release = threading.Event()
    thread = opened(lambda batch: release.wait(10) and echo(batch), deadline=0.1)

    first = await thread.ask(asked("a"))
    second = await thread.ask(asked("b"))
    waiting = thread._queue.qsize()
    release.set()

    assert first.failed == second.failed == "deadline"
    assert waiting == 0


async def test_a_text_that_comes_while_something_loads_waits_at_most_the_deadline(opened):
    release = threading.Event()
    thread = opened(echo, deadline=0.1)
    thread.submit(lambda: release.wait(10))

    found = await thread.ask(asked("a"))
    release.set()

    assert found.failed == "deadline"


async def test_a_batch_that_breaks_is_unknown_and_the_next_is_read(opened):
    def read(batch):
        if batch[0].text == "bad":
            raise ValueError("broken model")
        return echo(batch)

    thread = opened(read)

    assert (await thread.ask(asked("bad"))).failed == "broken"
    assert (await thread.ask(asked("good"))).intents[0].name == "good"


async def test_work_that_breaks_does_not_end_the_thread(opened):
    thread = opened(echo)
    thread.submit(lambda: int("broken"))

    assert (await thread.ask(asked("good"))).intents[0].name == "good"


async def test_while_batches_come_back_a_long_queue_is_no_reason_to_give_up(opened):
    pause = threading.Event()

    def read(batch):
        pause.wait(0.03)
        return echo(batch)

    thread = opened(read, deadline=0.2)
    found = await asyncio.gather(*(thread.ask(asked(str(at))) for at in range(500)))

    assert not [one for one in found if one.failed]


async def test_what_still_waits_when_it_closes_is_told(opened):
    release, begun = threading.Event(), threading.Event()

    def read(batch):
        begun.set()
        release.wait(5)
        return echo(batch)

    thread = opened(read)
    first = asyncio.ensure_future(thread.ask(asked("a")))
    await asyncio.to_thread(begun.wait, 5)
    second = asyncio.ensure_future(thread.ask(asked("b")))
    await asyncio.sleep(0)
    thread.close()
    release.set()

    assert (await first).intents[0].name == "a"
    assert (await second).failed == "closed"


async def test_a_text_that_comes_once_it_is_closed_is_told_at_once(opened):
    thread = opened(echo, deadline=60.0)
    thread.close()

    late = await asyncio.wait_for(thread.ask(asked("late")), 5)

    assert late.failed == "closed"
