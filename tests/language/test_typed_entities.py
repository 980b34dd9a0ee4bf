"""How customers type values in a hurry: parts of hours, halves of what is counted, slips, signs."""

from datetime import UTC, datetime

import pytest

from bot.language.entities import Place, read_entity
from tests.language.test_entities import cases, told

THURSDAY = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
TYPED = {
    "time": """
en GB | half five ish | 17:30
en US | can we push it to 6? | 18:00
en US | 430 works for me | 16:30
en US | how's 1015? | 10:15
en US | unit 530 | None
en US | around 250 people | None
en US | 2 or 2:30 for the fitting | 14:00
en US | table for 2 at 6:45 pls | 18:45
en US | dinner at 9 | 21:00
en US | breakfast for us all at 6 | 06:00
en US | i need 3 hours of cleaning | None
es ES | a las 530 | 17:30
es MX | entre 3 y 4 pm | 15:00
es ES | viernes 20:30 para dos | 20:30
es ES | tres horas de limpieza | None
es ES | a las 18h de mañana | 18:00
es AR | cena a las 9 y media | 21:30
es CL | a las 3 hrs de la tarde | 15:00
pt BR | 1h da tarde | 13:00
pt BR | quatro horas da tarde | 16:00
pt BR | umas 4h | 16:00
pt BR | às 04h | 04:00
pt BR | às 6h | 06:00
pt BR | espero faz 4h | None
pt BR | entre meio dia e uma | 12:00
pt BR | acordo as 5 da matina | 05:00
""",
    "date": """
en US | toady | 2026-03-12
en US | april fools day | 2026-04-01
en US | xmas eve | 2026-12-24
en US | can i swing by in like 2 days | 2026-03-14
es ES | de mañana en ocho | 2026-03-20
es MX | de hoy en 8 | 2026-03-19
es MX | para noche buena | 2026-12-24
es PE | el 1ero de diciembre | 2026-12-01
es MX | el 1er sábado de julio | 2026-07-04
es ES | el jueves pasado | 2026-03-05
pt BR | sábado retrasado | 2026-02-28
pt BR | minha mãe faz 60 anos no sábado | 2026-03-14
pt BR | faz 3 dias | 2026-03-09
pt BR | vou amn | 2026-03-13
""",
    "datetime": """
en US | tmrw @ 1 | 2026-03-13T13:00
es AR | pasado a las 3 de la tarde | 2026-03-14T15:00
es AR | el jueves pasado a las 3 de la tarde | 2026-03-05T15:00
es AR | el sábado a las 21 para 6 personas | 2026-03-14T21:00
es ES | mañana a las 10 para las 5 | 2026-03-13T16:50
pt BR | amn às 3 | 2026-03-13T15:00
""",
    "number": """
en US | a pound and a half | 1.5
es ES | kilo y medio | 1.5
es AR | un kilo y cuarto | 1.25
pt BR | dois quilos e meio | 2.5
""",
    "money": """
en US | a dollar and a half | 1.5 USD
en US | $.99 | 0.99 USD
en US | version 2.5 please | None
en IN | pay 2,50,000 rupees | 250000 INR
es MX | pagué 200 dlls | 200 USD
pt PT | são 12€50 | 12.5 EUR
es ES | 3 euros y medio | 3.5 EUR
es AR | un palo y medio | 1500000 ARS
pt BR | um real e meio | 1.5 BRL
""",
    "integer": """
pt BR | 2 adultos e 1 criança, 3 no total | 3
pt BR | 2 na sexta, não 3 | 2
""",
    "email": """
es ES | info arroba taller guion azul punto es | info@taller-azul.es
en US | hello at blue dash door dot com | hello@blue-door.com
""",
    "yes_no": """
pt BR | tá errado | no
en US | u bet | yes
""",
}


@pytest.mark.parametrize(
    ("kind", "language", "region", "text", "wanted"),
    [case for kind, lines in TYPED.items() for case in cases(kind, lines)],
)
def test_what_people_type_in_a_hurry_is_read(kind, language, region, text, wanted):
    place = Place(language=language, region=region, now=THURSDAY)

    assert told(read_entity(kind, text, place)) == wanted
