"""Reads what stands for the world outside: http answers, the models' readings, actions."""

from bot.domain.understanding import AppealKind, IntentScore, Mood, Sentiment, Understanding
from bot.domain.values import Value
from bot.language.desk import Desk
from bot.language.source import Items, Node, Scalar, Table
from bot.testing.lines import HttpMock, Mock
from bot.testing.values import plain, typed

MOCK = ("http", "models", "run")
HTTP = ("method", "url", "json", "status", "reply")
READING = ("intent", "score", "entities", "appeal", "sentiment", "mood", "language")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
MOODS = tuple(mood.value for mood in Mood)
ACCEPTED = 0.5  # a mocked intent at or above this counts as the models' own accepted one
SURE_INTENT, SURE_TONE, SURE_APPEAL = 0.9, 0.95, 0.9  # scores of a mock that names none


def read_mock(desk: Desk, node: Node) -> Mock:
    """Return the mocks of a file or of a test."""
    entries = desk.table(node, MOCK, "mock")
    http = entries["http"].value if "http" in entries else None
    models = entries["models"].value if "models" in entries else None
    actions = entries["run"].value if "run" in entries else None
    readings = models.entries if isinstance(models, Table) else {}
    returned = actions.entries if isinstance(actions, Table) else {}
    for given in (models, actions):
        if given is not None and not isinstance(given, Table):
            desk.wrong(given, "a mapping")
    return Mock(
        http=tuple(_http(desk, one) for one in desk.each(http)),
        models={text: _reading(desk, entry.value) for text, entry in readings.items()},
        actions={name: typed(entry.value) for name, entry in returned.items()},
    )


def _http(desk: Desk, node: Node) -> HttpMock:
    entries = desk.table(node, HTTP, "an http mock")
    statuses = desk.each(entries["status"].value) if "status" in entries else ()
    method = desk.one_of(entries["method"].value, "method", METHODS) if "method" in entries else ""
    return HttpMock(
        url=(desk.word(entries["url"].value) or "*") if "url" in entries else "*",
        method=method or "",
        json=plain(entries["json"].value) if "json" in entries else None,
        statuses=tuple(desk.whole(one, 100, 599) or 200 for one in statuses) or (200,),
        replies=_replies(entries["reply"].value) if "reply" in entries else (None,),
    )


def _replies(node: Node) -> tuple[Value, ...]:
    if isinstance(node, Items):
        return tuple(typed(one) for one in node.nodes) or (None,)
    return (typed(node),)


def _reading(desk: Desk, node: Node) -> Understanding:
    entries = desk.table(node, READING, "a reading of the models")
    score = desk.number(entries["score"].value, 0, 1) if "score" in entries else None
    intents = _intents(desk, entries["intent"].value, score) if "intent" in entries else ()
    sentiment = None
    if "sentiment" in entries:
        sentiment = _sentiment(desk, entries["sentiment"].value, score)
    elif "mood" in entries:
        sentiment = _mood(desk, entries["mood"].value, score)
    given = entries["entities"].value if "entities" in entries else None
    if given is not None and not isinstance(given, Table):
        desk.wrong(given, "a mapping of names to values")
    entities = given.entries if isinstance(given, Table) else {}
    return Understanding(
        language=desk.word(entries["language"].value) if "language" in entries else None,
        intents=intents,
        appeals=_appeals(desk, entries["appeal"].value, score) if "appeal" in entries else {},
        sentiment=sentiment,
        entities={name: str(plain(entry.value)) for name, entry in entities.items()},
    )


def _intents(desk: Desk, node: Node, score: float | None) -> tuple[IntentScore, ...]:
    """Read one intent, or several with their scores; the best comes first."""
    if isinstance(node, Table):
        read = {name: desk.number(entry.value, 0, 1) for name, entry in node.entries.items()}
        scores = {name: sure for name, sure in read.items() if sure is not None}
    else:
        name = desk.word(node)
        sure = SURE_INTENT if score is None else score
        scores = {} if name is None or name == "none" else {name: sure}
    return tuple(
        IntentScore(name=name, score=sure, accepted=sure >= ACCEPTED)
        for name, sure in sorted(scores.items(), key=lambda pair: -pair[1])
    )


def _appeals(desk: Desk, node: Node, score: float | None) -> dict[AppealKind, float]:
    """Read one appeal, or several, with their scores or without."""
    if isinstance(node, Table):
        entries = desk.table(node, tuple(AppealKind), "appeals")
        read = {AppealKind(kind): desk.number(one.value, 0, 1) for kind, one in entries.items()}
        return {kind: sure for kind, sure in read.items() if sure is not None}
    told = desk.all_of(node, lambda item: desk.one_of(item, "appeal", list(AppealKind)))
    return {AppealKind(kind): SURE_APPEAL if score is None else score for kind in told}


def _sentiment(desk: Desk, node: Node, score: float | None) -> Sentiment | None:
    if isinstance(node, Table):
        if len(node.entries) == 1 and (by_label := node.entries.keys() & set(MOODS)):
            name = by_label.pop()  # {negative: 0.95}, as intents and appeals are written
            sure = desk.number(node.entries[name].value, 0, 1)
            return None if sure is None else Sentiment(Mood(name), sure)
        entries = desk.table(node, ("label", "score"), "a sentiment")
        label = desk.one_of(entries["label"].value, "label", MOODS) if "label" in entries else None
        score = desk.number(entries["score"].value, 0, 1) if "score" in entries else score
    else:
        label = desk.one_of(node, "sentiment", MOODS)
    return None if label is None else Sentiment(Mood(label), SURE_TONE if score is None else score)


def _mood(desk: Desk, node: Node, score: float | None) -> Sentiment | None:
    """Read a mood, -1..1 or a label, as the tone of the one message that it is mocked for."""
    if isinstance(node, Scalar) and node.text in MOODS:
        return _sentiment(desk, node, score)
    mood = desk.number(node, -1, 1)
    if mood is None:
        return None
    label = Mood.NEGATIVE if mood < 0 else Mood.POSITIVE if mood > 0 else Mood.NEUTRAL
    return Sentiment(label, abs(mood) if mood else SURE_TONE)
