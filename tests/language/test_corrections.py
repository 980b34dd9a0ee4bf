"""What people put in place of what they said before, and what only looks like a time or a day."""

from datetime import UTC, datetime

import pytest

from bot.language.entities import Place, read_entity
from tests.language.test_entities import cases, told

MONDAY = datetime(2026, 6, 8, 13, 15, tzinfo=UTC)
AMENDED = {
    "date": """
en US | please move it from the 16th to the 18th | 2026-06-18
en US | booked for the 14th, can i switch to the 17th? | 2026-06-17
en GB | it was the 11th but now it is the 12th | 2026-06-12
en US | oops tuesday, sorry, thursday | 2026-06-11
en US | i changed my mind | None
en US | sorry, i can't do friday. saturday? | 2026-06-13
en US | i was in yesterday, is friday ok | 2026-06-12
en US | not tomorrow, the day after | 2026-06-10
es MX | cámbiame del jueves al viernes | 2026-06-12
es ES | lo pasamos al 20 | 2026-06-20
es ES | ni el martes ni el jueves, el viernes | 2026-06-12
es AR | mañana no, pasado | 2026-06-10
es CO | me pasas el precio | None
pt BR | era dia 12, agora é dia 13 | 2026-06-13
pt BR | troca do dia 14 pro dia 17 | 2026-06-17
""",
    "time": """
en US | 5 pm? no, 8 | 20:00
es AR | 9 de la noche, no, mejor a las 10 | 22:00
es MX | pásala de las 10 a las 11 | 11:00
pt BR | muda das 13h pras 15h | 15:00
""",
    "datetime": """
en US | friday 3pm no sorry 4pm | 2026-06-12T16:00
en US | thursday 10am, actually no, saturday | 2026-06-13T10:00
en US | change it from friday 7pm to saturday 8pm | 2026-06-13T20:00
es MX | el jueves a las 8 de la noche, no, mejor a las 9 | 2026-06-11T21:00
pt BR | sexta 19h não, sábado | 2026-06-13T19:00
pt BR | troca sexta 10h por sábado 11h | 2026-06-13T11:00
""",
    "duration": """
en US | two hours, no wait, three | 10800
es MX | antes eran 2 semanas, ahora 3 | 1814400
pt BR | duas horas não, quatro | 14400
""",
    "number": """
en US | there were 3 of us but now 5 | 5
es MX | perdón, 9 | 9
es AR | 3 grandes y un chico, 4 en total | 4
pt BR | éramos 3, agora somos 5 | 5
""",
    "money": """
en US | it was $500, now 700 | 700 USD
es AR | 20 dólares no, 25 | 25 USD
es MX | antes éramos 4, ahora somos 6, pagamos mil pesos | 1000 MXN
""",
    "phone": """
pt BR | antes era 11 98888-7777, agora é 11 97777-6666 | +5511977776666
""",
    "email": """
es MX | era ana@hotmail.com, ahora es ana@gmail.com | ana@gmail.com
""",
    "yes_no": """
en US | no sorry | no
pt BR | com ctz | yes
es AR | joya | yes
""",
}
TOLD = {
    "date": """
en US | the day after the 20th | 2026-06-21
en US | any day but friday, maybe saturday | 2026-06-13
en US | apt 4/2 near the park | None
en US | ticket #4/12 is open | None
en US | last day of the year | 2026-12-31
es CO | el juebes | 2026-06-11
es CO | vivo en la calle 20 de julio | None
es ES | el dia despues de mañana | 2026-06-10
es CO | el próximo 25 | 2026-06-25
es MX | a mediados de julio, el 16 | 2026-07-16
es AR | 25 del 12 | 2026-12-25
pt BR | moro na quinta avenida | None
pt BR | na 6ª feira | 2026-06-12
pt BR | último dia do mês | 2026-06-30
pt BR | bom dia, tem vaga na sexta? | 2026-06-12
""",
    "time": """
en US | 730pm | 19:30
en US | good afternoon, is 10:30 free? | 10:30
en US | it's 2.50 each | None
en US | need 2 and a half kilos | None
en US | my son is 5 and a half | None
en US | i live at 12 oak street | None
es MX | me costó 12.50 | None
es MX | llevo 2 horas esperando | None
es AR | a las 9 a la noche | 21:00
es CO | quiero 2 y media docenas | None
pt BR | meia calabresa | None
pt BR | demora 2 horas? | None
pt BR | 10h15min | 10:15
""",
    "datetime": """
en US | good evening, tomorrow at 10? | 2026-06-09T10:00
en US | today at 9 | 2026-06-08T21:00
en US | today at 09:00 | 2026-06-08T09:00
es AR | vier 20 hs | 2026-06-12T20:00
es AR | mañana a la noche tipo 9 | 2026-06-09T21:00
pt BR | 2ª feira às 8h | 2026-06-15T08:00
""",
    "money": """
pt BR | moro no 302 | None
""",
}


@pytest.mark.parametrize(
    ("kind", "language", "region", "text", "wanted"),
    [case for kind, lines in AMENDED.items() for case in cases(kind, lines)],
)
def test_what_is_said_instead_counts(kind, language, region, text, wanted):
    place = Place(language=language, region=region, now=MONDAY)

    assert told(read_entity(kind, text, place)) == wanted


@pytest.mark.parametrize(
    ("kind", "language", "region", "text", "wanted"),
    [case for kind, lines in TOLD.items() for case in cases(kind, lines)],
)
def test_only_what_is_meant_as_such_is_read(kind, language, region, text, wanted):
    place = Place(language=language, region=region, now=MONDAY)

    assert told(read_entity(kind, text, place)) == wanted
