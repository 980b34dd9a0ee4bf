"""What customers write in a hurry at a question, in three languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.engine.talk import Talk

TABLE = """
flows:
  table:
    when: {keyword: [table, book, mesa, reservar, marcar]}
    slots:
      people: {type: integer, min: 1, max: 20, ask: How many?, prefill: true}
      day: {type: date, ask: Which day?, prefill: true}
      at: {type: time, ask: What time?, prefill: true}
      ok: {type: yes_no, ask: "$(people), $(day | json), $(at). Right?"}
    steps: [{ask: people}, {ask: day}, {ask: at}, {ask: ok}, {reply: "done: $(ok)"}]
"""
SHOP = """
cancel: {words: [cancel, forget it, cancelar, cancela, deja, deixa pra la]}
rules:
  - {id: prices, when: {keyword: [price, precio, preco]}, do: {reply: Ten.}, during_flow: answer}
  - {id: old, when: {pattern: "cancel my subscription"}, do: {reply: Old.}, during_flow: answer}
flows:
  order:
    title: your cake
    when: {keyword: [order, pedir]}
    slots:
      what: {type: choice, choices: {red: [], blue: [], green: [], white: []}, ask: What?}
      count: {type: integer, min: 1, max: 90, ask: How many?}
      mail: {type: email, ask: Your mail?, skip: [skip, later]}
      note: {type: text, ask: A note?, skip: ["no", nothing, no tengo, nao tenho]}
      more: {type: yes_no, ask: Anything else?}
      ok: {type: yes_no, ask: "$(count) $(what). Right?"}
    steps:
      [{ask: what}, {ask: count}, {ask: mail}, {ask: note}, {ask: more}, {ask: ok}, {reply: Done.}]
"""


def talk_in(language, text=TABLE):
    talk = Talk(text)
    talk.contact = replace(talk.contact, language=language)
    talk.now = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday
    return talk


def slots_of(talk):
    return talk.conversation.frames[-1].slots


@pytest.mark.parametrize(
    ("language", "text", "people", "day", "at"),
    [
        ("en", "table for 2 weds at 8", 2, 4, (20, 0)),
        ("en", "book 4 ppl thurs 7.30pm", 4, 5, (19, 30)),
        ("en", "can i book a table fri night for 3, 8ish", 3, 6, (20, 0)),
        ("en", "book a table tomorrow eve 7 oclock for two pls", 2, 3, (19, 0)),
        ("en", "book us in for the weekend, 5 of us, around 1pm", 5, 7, (13, 0)),
        ("es", "mesa para 4 el vie a las 21", 4, 6, (21, 0)),
        ("es", "quiero reservar pa 2 el finde tipo 8 de la noche", 2, 7, (20, 0)),
        ("es", "quisiera reservar el jueves próximo 21hs, 6 personas", 6, 5, (21, 0)),
        ("es", "mesa pasado mañana 20.30 para 4", 4, 4, (20, 30)),
        ("es", "mesa mañana a las 15, somos mi marido, yo y los 2 niños", 4, 3, (15, 0)),
        ("pt", "queria marcar mesa p/ 4 sex às 20h", 4, 6, (20, 0)),
        ("pt", "mesa pra eu e minha esposa qui 8 e meia da noite", 2, 5, (20, 30)),
        ("pt", "reservar no fds pra 3 as 14:30", 3, 7, (14, 30)),
    ],
)
def test_days_and_hours_in_short_are_heard_beside_other_values(language, text, people, day, at):
    talk = talk_in(language)
    talk.user(text)

    assert slots_of(talk) == {"people": people, "day": date(2026, 3, day), "at": time(*at)}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "book a table, we sat in the sun"), ("es", "mesa cerca del mar"),
     ("pt", "quero marcar uma mesa, ter um lugar calmo"), ("en", "book a table at 2.50 each")],
)  # fmt: skip
def test_what_is_no_day_and_no_hour_fills_neither(language, text):
    talk = talk_in(language)
    talk.user(text)

    assert {"day", "at"}.isdisjoint(slots_of(talk))


@pytest.mark.parametrize(
    ("language", "text", "colour"),
    [("en", "number two please", "blue"), ("en", "the 3", "green"), ("en", "option 4 pls", "white"),
     ("es", "la 4", "white"), ("es", "quiero la opción 2 porfa", "blue"), ("es", "el dos", "blue"),
     ("pt", "a 3 por favor", "green"), ("pt", "opção 1", "red"), ("pt", "numero quatro", "white")],
)  # fmt: skip
def test_a_choice_is_pointed_at_by_its_number(language, text, colour):
    talk = talk_in(language, SHOP)
    talk.user("order")

    assert talk.user(text) == ["How many?"]
    assert slots_of(talk)["what"] == colour


@pytest.mark.parametrize("text", ["for 3", "para 4", "una", "9", "the 9", "I want 2 and 3"])
def test_a_number_that_points_at_nothing_chooses_nothing(text):
    talk = talk_in("en", SHOP)
    talk.user("order")

    assert talk.user(text) == ["What?"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "weds"), ("en", "wensday pls"), ("es", "el miércoles"), ("pt", "na quarta feira")],
)
def test_a_choice_among_weekdays_is_heard_as_days_are_called(language, text):
    talk = talk_in(language, """
flows:
  class:
    when: {keyword: class}
    slots: {day: {type: choice, choices: [Monday, Wednesday, Saturday], ask: Which day?}}
    steps: [{ask: day}, {reply: "$(day)"}]
""")  # fmt: skip
    talk.user("class")

    assert talk.user(text) == ["Wednesday"]


def test_a_number_that_is_part_of_a_choice_chooses_it():
    talk = talk_in("es", """
flows:
  gas:
    when: {keyword: gas}
    slots: {size: {type: choice, choices: [10 kg, 20 kg, 45 kg], ask: Which?}}
    steps: [{ask: size}, {reply: "$(size)"}]
""")  # fmt: skip
    talk.user("gas")

    assert talk.user("la 20 porfa") == ["20 kg"]


def at_mail(language):
    talk = talk_in(language, SHOP)
    for said in ("order", "red", "2"):
        talk.user(said)
    return talk


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "i dont have one sorry"), ("en", "haven't got an email"), ("es", "no tengo correo"),
     ("es", "no tengo, perdón"), ("pt", "n tenho email nao"), ("pt", "não tenho e-mail")],
)  # fmt: skip
def test_who_has_none_of_what_may_be_skipped_skips_it(language, text):
    assert at_mail(language).user(text) == ["A note?"]


@pytest.mark.parametrize(
    ("language", "text", "note"),
    [("es", "no tengo", None), ("es", "no tengo timbre", "no tengo timbre"),
     ("pt", "n tenho não", None), ("en", "without onions", "without onions")],
)  # fmt: skip
def test_a_text_is_left_out_only_by_words_that_say_nothing_else(language, text, note):
    talk = at_mail(language)
    talk.user("skip")
    talk.user(text)

    assert slots_of(talk).get("note") == note


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "ugh forget it"), ("en", "nah, cancel my cake"), ("en", "ok cancel the order please"),
     ("es", "no, cancela mi pedido"), ("es", "uf, quiero cancelar el pedido"),
     ("pt", "preciso cancelar meu pedido"), ("pt", "aff deixa pra lá")],
)  # fmt: skip
def test_cancel_words_may_stand_by_what_the_flow_is_called(language, text):
    talk = at_mail(language)
    talk.user(text)

    assert talk.flow is None


@pytest.mark.parametrize("text", ["cancel my subscription", "cancel my old card"])
def test_what_else_is_cancelled_does_not_end_the_flow(text):
    talk = at_mail("en")
    talk.user(text)

    assert talk.flow == "order"


def at_the_sum():
    talk = at_mail("en")
    for said in ("skip", "no", "no"):
        talk.user(said)
    return talk


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [("en", "with the blue one", "2 blue. Right?"), ("es", "y que sea blue?", "2 blue. Right?"),
     ("en", "my mum wants one so we need 3", "3 red. Right?"),
     ("es", "se suma mi suegra así que seríamos 5", "5 red. Right?"),
     ("pt", "então são 4 no total", "4 red. Right?")],
)  # fmt: skip
def test_what_a_confirmation_sums_up_is_put_right_by_its_value_alone(language, text, asked):
    talk = at_the_sum()
    talk.contact = replace(talk.contact, language=language)

    assert talk.user(text) == [asked]


@pytest.mark.parametrize("text", ["3", "blue", "with the blue one"])
def test_a_question_that_sums_nothing_up_hears_no_bare_value(text):
    talk = at_mail("en")
    for said in ("skip", "no"):
        talk.user(said)
    talk.user(text)

    assert (slots_of(talk)["count"], slots_of(talk)["what"]) == (2, "red")


@pytest.mark.parametrize(
    "text", ["what is the price of the blue one?", "my sister likes blue cars"]
)
def test_what_says_more_than_a_value_puts_nothing_right_at_a_confirmation(text):
    talk = at_the_sum()
    talk.user(text)

    assert slots_of(talk)["what"] == "red"


@pytest.mark.parametrize(
    ("language", "text"),
    [("pt", "na verdade são 3"), ("es", "en realidad somos 3"), ("en", "actually we are 3")],
)
def test_a_count_that_only_is_so_is_corrected_at_a_free_text(language, text):
    talk = at_mail("en")
    talk.contact = replace(talk.contact, language=language)
    talk.user("skip")

    assert talk.user(text) == ["A note?"]
    assert slots_of(talk)["count"] == 3


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [("es", "dos o tres… pon tres", 3), ("pt", "duas ou três... põe três", 3),
     ("en", "two or three, make it three", 3), ("es", "dos, pon tres aceitunas en una", 2)],
)  # fmt: skip
def test_who_wavers_means_what_they_put_last(language, text, count):
    talk = talk_in(language, SHOP)
    talk.user("order")
    talk.user("red")
    talk.user(text)

    assert slots_of(talk)["count"] == count


def test_a_flow_that_a_keyword_won_keeps_what_its_pattern_captured():
    talk = talk_in("es", """
flows:
  water:
    when:
      - pattern: "[*] {bottles:1-20} (bidon|bidones) [*]"
      - keyword: [agua, bidones]
    slots: {bottles: {type: integer, ask: How many?}, to: {type: text, ask: Where to?}}
    steps: [{ask: bottles}, {ask: to}]
""")  # fmt: skip

    assert talk.user("necesito 3 bidones porfi") == ["Where to?"]
    assert slots_of(talk)["bottles"] == 3


STAY = """
cancel: {words: [cancel, forget it, cancelar]}
flows:
  stay:
    title: your stay
    when: {keyword: [stay, cuarto, quarto]}
    slots:
      start: {type: date, called: [from, desde, de], ask: From?,
              valid: [{if: "start | weekday != 'sun'", else: Not on sundays.}]}
      end: {type: date, called: [until, till, hasta, ate], min: $(start), ask: Until?,
            reask: That is before.}
      nights: {type: integer, min: 1, ask: How many nights?}
      people: {type: integer, min: 1, ask: How many people?}
      photo: {type: media, ask: A photo?, skip: [later, luego, depois]}
      note: {type: text, ask: A note?, skip: ["no"]}
      ok: {type: yes_no, ask: "$(nights) for $(people). Right?"}
    steps:
      - ask: start
      - ask: end
      - ask: nights
      - ask: people
      - ask: photo
      - ask: note
      - ask: ok
      - reply: Done.
"""


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [("en", "the day after then", 9), ("en", "ok a day later", 9), ("es", "el día siguiente", 9),
     ("pt", "no dia seguinte então", 9), ("en", "the day before", 7),
     ("en", "the day after tomorrow", 4), ("en", "the saturday then", 7)],
)  # fmt: skip
def test_an_answer_may_count_from_the_day_that_was_refused(language, text, day):
    talk = talk_in(language, STAY)
    talk.user("stay")

    assert talk.user("8/3" if language != "en" else "sunday") == ["Not on sundays."]
    assert talk.user(text) == ["Until?"]
    assert slots_of(talk)["start"] == date(2026, 3, day)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [("en", "tomorrow at the same time", 3), ("es", "mañana a la misma hora", 3),
     ("pt", "amanhã no mesmo horário", 3), ("es", "ay perdón, el jueves", 5)],
)  # fmt: skip
def test_a_moment_that_was_refused_gives_the_half_that_is_not_said_anew(language, text, day):
    talk = talk_in(language, """
flows:
  visit:
    when: {keyword: visit}
    slots:
      at: {type: datetime, ask: When?, valid: [{if: at > now, else: That is over.}]}
    steps: [{ask: at}, {reply: "$(at | time)"}]
""")  # fmt: skip
    talk.now = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    talk.user("visit")

    assert talk.user({"en": "today at 3pm", "es": "hoy a las 3", "pt": "hoje às 15"}[language]) \
        == ["That is over."]  # fmt: skip
    assert talk.user(text) == ["15:00"]


@pytest.mark.parametrize(
    ("language", "text", "start", "end"),
    [("en", "stay from friday till next tuesday", 6, 10), ("es", "cuarto desde el viernes hasta "
      "el martes", 6, 10), ("pt", "quarto de sexta ate terça", 6, 10)],
)  # fmt: skip
def test_a_day_said_with_its_start_lies_behind_it(language, text, start, end):
    talk = talk_in(language, STAY)
    talk.user(text)

    assert slots_of(talk) == {"start": date(2026, 3, start), "end": date(2026, 3, end)}


def at_the_note(language):
    talk = talk_in(language, STAY)
    for said in ("stay from friday till tuesday", "4", "2", "later"):
        talk.user(said)
    talk.contact = replace(talk.contact, language=language)
    return talk


def test_what_is_said_instead_of_a_day_leaves_the_other_days_alone():
    talk = at_the_note("en")

    assert talk.user("oh wait i come back on wednesday not tuesday") == ["A note?"]
    assert (slots_of(talk)["start"].day, slots_of(talk)["end"].day) == (6, 11)


@pytest.mark.parametrize("text", ["a room that is not noisy", "wait for me, not before ten"])
def test_a_note_that_denies_something_is_a_note(text):
    talk = at_the_note("en")

    assert talk.user(text) == ["4 for 2. Right?"]
    assert slots_of(talk)["note"] == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "we are 5 in total"), ("es", "al final somos 5"), ("pt", "na verdade somos 5"),
     ("es", "y se suma mi suegra así que seríamos 5"), ("en", "yes but we will be 5"),
     ("es", "correcto pero vienen 5"), ("pt", "isso, mas vamos 5")],
)  # fmt: skip
def test_who_counts_themselves_corrects_the_people(language, text):
    talk = at_the_note("en")
    talk.user("no")
    talk.contact = replace(talk.contact, language=language)

    assert talk.user(text) == ["4 for 5. Right?"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "i'll send it later"), ("es", "te la mando luego"), ("pt", "depois eu mando")],
)
def test_who_promises_what_may_be_skipped_skips_it(language, text):
    talk = talk_in("en", STAY)
    for said in ("stay from friday till tuesday", "4", "2"):
        talk.user(said)
    talk.contact = replace(talk.contact, language=language)

    assert talk.user(text) == ["A note?"]


@pytest.mark.parametrize("text", ["sorry cancel that my brother is ill", "cancel it i found one"])
def test_a_cancel_that_tells_why_needs_no_stop_between(text):
    talk = at_the_note("en")
    talk.user(text)

    assert talk.flow is None


CAB = """
flows:
  ride:
    when: {keyword: [cab, taxi, táxi]}
    slots:
      start: {type: location, called: [from, desde, de], ask: Where from?}
      goal: {type: location, called: [to, hasta, para], ask: Where to?}
      at: {type: datetime, ask: When?}
    steps: [{ask: start}, {ask: goal}, {ask: at}]
"""


@pytest.mark.parametrize(
    ("language", "text", "start", "goal"),
    [("en", "can i get a cab from Leeds Station to 5 Park Row", "Leeds Station", "5 Park Row"),
     ("en", "a cab from the airport to main st 5 at 6pm please", "the airport", "main st 5"),
     ("es", "un taxi desde Calle Sol 4 hasta el puerto mañana", "Calle Sol 4", "el puerto"),
     ("pt", "um táxi de Copacabana para o aeroporto agora", "Copacabana", "o aeroporto")],
)  # fmt: skip
def test_places_are_heard_behind_the_words_of_their_slots(language, text, start, goal):
    talk = talk_in(language, CAB)
    talk.user(text)

    held = slots_of(talk)
    assert (held["start"].text, held["goal"].text) == (start, goal)


@pytest.mark.parametrize("text", ["i need a cab to go home", "want to get a taxi", "a cab, please"])
def test_what_is_done_is_no_place(text):
    talk = talk_in("en", CAB)

    assert talk.user(text) == ["Where from?"]
    assert "goal" not in slots_of(talk)


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [("pt", "tem n", "no"), ("pt", "precisa nn", "no"), ("pt", "tem sim", "yes"),
     ("en", "sound", "yes"), ("pt", "pode ser no pix", "yes")],
)  # fmt: skip
def test_a_short_yes_or_no_is_heard(language, text, answer):
    talk = talk_in(language, """
flows:
  ask:
    when: {keyword: go}
    slots: {ok: {type: yes_no, ask: Right?}}
    steps: [{ask: ok}, {if: ok, reply: "yes"}, {if: not ok, reply: "no"}]
""")  # fmt: skip
    talk.user("go")

    assert talk.user(text) == [answer]


REMOVAL = """
flows:
  move:
    when: {keyword: move}
    slots:
      floor: {type: integer, max: 30, ask: Which floor?}
      how: {type: choice, choices: {delivery: [post], pickup: [pick up, collect]}, ask: How?}
      long: {type: duration, min: 1h, max: 8h, ask: How long?}
      boxes: {type: integer, max: 200, ask: How many boxes?}
    steps:
      [{ask: floor}, {ask: how}, {ask: long}, {ask: boxes}, {reply: "$(boxes), $('at ' ~ long)"}]
"""


@pytest.mark.parametrize(
    ("language", "floor", "long", "boxes"),
    [("es", "un quinto piso", "bueno 3", "unas 40 o 50, pon 50"),
     ("en", "the fifth floor", "3", "40 or 50, make it 50"),
     ("pt", "no quinto andar", "umas 3", "umas 40 ou 50, põe 50")],
)  # fmt: skip
def test_floors_lengths_and_counts_are_heard_as_they_are_said(language, floor, long, boxes):
    talk = talk_in(language, REMOVAL)
    talk.user("move")
    for said in (floor, "ill pick it up", long):
        talk.user(said)

    assert slots_of(talk)["how"] == "pickup"
    assert talk.user(boxes) == ["50, at 3h"]


def test_an_hour_that_is_joined_to_a_text_prints_as_it_does_alone():
    talk = talk_in("en", """
flows:
  ready:
    when: {keyword: ready}
    slots: {at: {type: time, ask: When?}, note: {type: text}}
    steps: [{ask: at}, {reply: "$('ready at ' ~ at ~ note)"}]
""")  # fmt: skip
    talk.user("ready")

    assert talk.user("quarter to 6") == ["ready at 17:45"]


SIZES = """
flows:
  drink:
    when: {keyword: drink}
    slots:
      size: {type: choice, choices: {small: [chico], medium: [], large: [grande]}, ask: Size?}
      sugar: {type: integer, min: 0, max: 5, ask: How many sugars?}
      proof: {type: media, ask: A photo?, skip: [no photo]}
      ok: {type: yes_no, ask: "$(size), $(sugar). Right?"}
    steps: [{ask: size}, {ask: sugar}, {ask: proof}, {ask: ok}, {reply: "$(ok | string)"}]
"""


@pytest.mark.parametrize(
    ("language", "text", "size"),
    [("en", "biggest u got", "large"), ("en", "the smallest one", "small"),
     ("es", "el más grande", "large"), ("es", "la más chica porfa", "small"),
     ("pt", "a maior", "large"), ("pt", "o menor que tiver", None)],
)  # fmt: skip
def test_the_largest_and_the_smallest_of_sizes_are_chosen(language, text, size):
    talk = talk_in(language, SIZES)
    talk.user("drink")
    talk.user(text)

    assert slots_of(talk).get("size") == size


@pytest.mark.parametrize("text", ["bigger than what?", "the biggest or the smallest?", "largely"])
def test_who_asks_about_sizes_chooses_none(text):
    talk = talk_in("en", SIZES)
    talk.user("drink")

    assert talk.user(text) == ["Size?"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "none ta"), ("es", "ninguna gracias"), ("pt", "nenhum"), ("pt", "sem açúcar")],
)
def test_none_is_zero_where_none_may_be(language, text):
    talk = talk_in("en", SIZES.replace("sugar", {"pt": "acucar"}.get(language, "sugar")))
    talk.user("drink")
    talk.user("small")
    talk.contact = replace(talk.contact, language=language)

    assert talk.user(text) == ["A photo?"]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [("pt", "nossa fraco hein, faz no grande mesmo", "large, 2. Right?"),
     ("pt", "opa calma, muda pra grande", "large, 2. Right?"),
     ("en", "can you do large instead? and 3", "large, 3. Right?")],
)  # fmt: skip
def test_a_confirmation_hears_what_is_wanted_in_the_last_clause(language, text, asked):
    talk = talk_in("en", SIZES)
    for said in ("drink", "small", "2", "i dont have any photo"):
        talk.user(said)
    talk.contact = replace(talk.contact, language=language)

    assert talk.user(text) == [asked]


@pytest.mark.parametrize("text", ["It isn't working", "it is not working", "it's not working"])
@pytest.mark.parametrize("keyword", ["it isn't working", "it is not working", "it's not working"])
def test_a_keyword_hears_every_way_to_deny(keyword, text):
    rule = 'rules:\n  - id: broken\n    when: {keyword: "%s"}\n    do: {reply: Sorry.}'

    assert talk_in("en", rule % keyword).user(text) == ["Sorry."]


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [("pt", "não mas todo dia é isso", "no"), ("pt", "muito", "yes"), ("es", "mucho", "yes"),
     ("en", "spot on", "yes"), ("en", "no but it might be", "no"), ("en", "no problem", "yes"),
     ("es", "no pero gracias", "no")],
)  # fmt: skip
def test_a_no_that_goes_on_is_a_no(language, text, answer):
    talk = talk_in(language, """
flows:
  ask:
    when: {keyword: go}
    slots: {ok: {type: yes_no, ask: Urgent?}}
    steps: [{ask: ok}, {if: ok, reply: "yes"}, {if: not ok, reply: "no"}]
""")  # fmt: skip
    talk.user("go")

    assert talk.user(text) == [answer]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [("pt", "o domingo seguinte", 15), ("es", "el domingo siguiente", 15),
     ("en", "the following saturday", 14), ("en", "the sunday after that", 15)],
)  # fmt: skip
def test_the_following_day_of_that_name_lies_behind_the_one_that_was_refused(language, text, day):
    talk = talk_in(language, STAY.replace("!= 'sun'", "!= 'sun' or start | day > 10"))
    talk.user("stay")
    talk.user("saturday, no, 8/3" if language != "en" else "march 8")
    talk.user(text)

    assert slots_of(talk)["start"] == date(2026, 3, day)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "and tuesday not monday"), ("es", "el martes, no el lunes"),
     ("pt", "terça e não segunda")],
)  # fmt: skip
def test_a_day_in_place_of_the_one_that_is_held_corrects_it_at_a_confirmation(language, text):
    talk = talk_in("en")
    for said in ("book a table for 2", "next monday", "9 am"):
        talk.user(said)
    talk.contact = replace(talk.contact, language=language)
    before = slots_of(talk)["day"]
    talk.user(text)

    assert slots_of(talk)["day"] in (date(2026, 3, 3), date(2026, 3, 10))
    assert before == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("language", "text"), [("pt", "peraí, são 25"), ("en", "wait, it is 25"), ("es", "no, 25")]
)
def test_a_confirmation_is_corrected_in_what_it_shows(language, text):
    talk = talk_in(language, """
flows:
  party:
    when: {keyword: party}
    slots:
      guests: {type: integer, ask: Guests?}
      kids: {type: integer, ask: Kids?}
      budget: {type: money, ask: Budget?}
      ok: {type: yes_no, ask: "$(guests). Right?"}
    steps: [{ask: guests}, {ask: kids}, {ask: budget}, {ask: ok}]
""")  # fmt: skip
    for said in ("party", "20", "3", "900"):
        talk.user(said)

    assert talk.user(text) == ["25. Right?"]
