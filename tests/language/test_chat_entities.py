"""How people chat: slang, slips, half sentences, what they take back, what is no such value."""

from datetime import UTC, datetime

import pytest

from bot.language.entities import Place, read_entity
from tests.language.test_entities import cases, told

FRIDAY = datetime(2026, 5, 15, 10, 20, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 29, 18, 45, tzinfo=UTC)
WEDNESDAY = datetime(2026, 8, 19, 14, 5, tzinfo=UTC)
ON_FRIDAY = {
    "date": """
en US | Feb 30th | None
en US | tomorro is ok | 2026-05-16
en US | 2nd floor please | None
en GB | saturday week | 2026-05-23
en US | a week from tomorrow | 2026-05-23
en US | i sat down already | None
en US | on the twenty second | 2026-05-22
es ES | antes de ayer | 2026-05-13
es CO | el uno de julio | 2026-07-01
es ES | el martes no, el jueves | 2026-05-21
es ES | segunda planta | None
es ES | a finales de mes | 2026-05-31
es ES | el 30 de febrero | None
es CL | de aquí a una semana | 2026-05-22
pt BR | no sabadão | 2026-05-16
pt BR | preciso da segunda via do boleto | None
pt BR | dia primeiro | 2026-06-01
pt BR | hj ainda | 2026-05-15
""",
    "time": """
en GB | half seven | 07:30
en US | 1730 hrs | 17:30
es ES | a las 5 y media | 17:30
es ES | a las siete menos diez | 06:50
es MX | 12 del día | 12:00
es ES | 18.30h | 18:30
pt BR | às 7 e meia da noite | 19:30
pt BR | mesa pra 6 | None
pt PT | às cinco menos um quarto | 16:45
""",
    "datetime": """
en US | 02/30 at 5pm | None
es ES | el 3 de marzo a las 5 y media | 2027-03-03T17:30
es ES | dentro de hora y media | 2026-05-15T11:50
es CO | domingo 3 de la tarde | 2026-05-17T15:00
es ES | el 31 de abril a las 5 de la tarde | None
pt BR | amanhã meio-dia e meia | 2026-05-16T12:30
pt BR | amanhã de manhã às 8 e meia | 2026-05-16T08:30
pt BR | daqui a uma hora e meia | 2026-05-15T11:50
pt BR | mesa pra 4 domingo 13h | 2026-05-17T13:00
pt BR | quarta feira dez da manhã | 2026-05-20T10:00
""",
    "duration": """
en US | for 3 nights | 259200
en US | 10-15 minutes | 600
en US | an hour and a quarter | 4500
es ES | una quincena | 1296000
es ES | 3 noches | 259200
es ES | hora y cuarto | 4500
es ES | diez minutitos | 600
es ES | medio día | 43200
es ES | hora y veinte | 4800
pt BR | uma horinha | 3600
pt BR | uns 20 minutinhos | 1200
pt BR | meia horinha | 1800
pt BR | uma quinzena | 1296000
pt BR | duas noites | 172800
pt BR | 3h e 20 | 12000
pt BR | meio dia de trabalho | 43200
""",
    "number": """
en US | a dozen and a half | 18
es ES | docena y media | 18
es ES | tres coma catorce | 3.14
es ES | un millón y medio | 1500000
pt BR | uma dúzia e meia | 18
pt BR | um milhão e meio | 1500000
""",
    "integer": """
en US | a pair of shoes | 2
en US | 3 please, no wait, 4 | 4
es ES | le doy un 9 | 9
es ES | un diez | 10
es ES | le doy un treinta y cinco | 35
pt BR | um dez | 10
es ES | un millón | 1000000
""",
    "money": """
en US | $1.5M | 1500000 USD
en GB | a tenner | 10 GBP
en US | 50% off | None
en US | a buck fifty | 1.50 USD
en US | room 302 | None
en GB | $100 | 100 USD
en US | at 5pm | None
es CL | 15 lucas | 15000 CLP
es AR | 5 lucas | 5000 ARS
es ES | veinte con cincuenta euros | 20.50 EUR
es AR | dos palos | 2000000 ARS
es ES | 30 pavos | 30 EUR
es GT | Q150 | 150 GTQ
es VE | 20$ | 20 USD
es EC | $25 | 25 USD
es ES | habitación 302 | None
es MX | 20 varos | 20 MXN
pt BR | 100 paus | 100 BRL
pt BR | quarto 302 | None
pt BR | 20 pratas | 20 BRL
""",
    "phone": """
pt BR | meu cpf é 123.456.789-09 | None
pt BR | cpf 123.456.789-09, zap 11 98765-4321 | +5511987654321
en US | 555-0147 | None
es MX | +52 1 55 1234 5678 | +525512345678
pt BR | onze, nove oito sete seis cinco, quatro três dois um | +5511987654321
pt BR | ddd 11, 98765 4321 | +5511987654321
pt BR | 3456-7890 | None
pt BR | 00 351 912 345 678 | +351912345678
""",
    "email": """
en US | kate 99 at gmail dot com | kate99@gmail.com
es ES | marta 2 arroba gmail punto com | marta2@gmail.com
pt BR | bia traço santos arroba gmail ponto com | bia-santos@gmail.com
pt BR | rita 10 arroba gmail ponto com | rita10@gmail.com
""",
    "yes_no": """
en US | I wouldn't say no | yes
en US | I guess | yes
en US | don't bother | no
en US | I can't, sorry | no
en US | uh huh | yes
en US | yes no wait | None
es ES | por supuesto que no | no
es ES | sipi | yes
es ES | nel | no
es ES | de una | yes
pt BR | com certeza não | no
pt BR | quero não | no
pt BR | fechou | yes
pt BR | demorou | yes
pt BR | pode não | no
""",
}
ON_TUESDAY = {
    "date": """
en US | monday doesn't work, how about tuesday | 2027-01-05
en US | wensday afternoon | 2026-12-30
en GB | Monday week | 2027-01-11
es ES | el primer lunes de febrero | 2027-02-01
pt BR | hj a noite | 2026-12-29
pt BR | não consigo sexta, domingo? | 2027-01-03
pt BR | seg | 2027-01-04
pt PT | depois d amanhã | 2026-12-31
""",
    "time": """
en US | can you do eight thirty? | 08:30
en US | between 2 and 3 pm | 14:00
en US | from 10am to 2pm | 10:00
en GB | half 4 | 16:30
en US | five thirty in the afternoon | 17:30
en US | 5p | 17:00
es AR | 8 y media de la noche | 20:30
es ES | a las dos del mediodía | 14:00
es ES | a la una menos veinte | 12:40
es ES | en media horita | 19:15
es ES | once menos cinco | 10:55
pt BR | 8 e meia da noite | 20:30
pt BR | das 9 às 18 | 09:00
pt BR | 4 da madruga | 04:00
pt BR | meia-noite e quinze | 00:15
""",
    "datetime": """
en US | next monday 10 in the morning | 2027-01-04T10:00
en US | on april 31 at 3pm | None
en US | not thursday, friday at 1pm | 2027-01-01T13:00
es CO | el 1 de febrero a las 8 y media am | 2027-02-01T08:30
es AR | domingo 21 hs | 2027-01-03T21:00
pt BR | daqui a duas horas e meia | 2026-12-29T21:15
pt BR | 30/02 às 10h | None
""",
    "duration": """
en US | hour and a half | 5400
en US | two nights | 172800
en US | about 3 to 4 hours | 10800
es ES | media horita | 1800
es ES | una noche | 86400
es ES | de 3 a 4 horas | 10800
es ES | 1 hora 20 | 4800
es ES | una hora y tres cuartos | 6300
pt BR | meia horinha | 1800
pt BR | três noites | 259200
pt BR | de 3 a 4 horas | 10800
pt BR | 5 minutinhos | 300
""",
    "number": """
en US | x3 | 3
en US | 3 1/2 | 3.5
es ES | x3 | 3
pt BR | dois milhões e meio | 2500000
""",
    "integer": """
en US | rating: 8/10 | 8
es ES | somos un grupo de 14 | 14
es ES | un 8 sobre 10 | 8
pt BR | somos um grupo de 14 | 14
""",
    "money": """
en GB | 80p | 0.80 GBP
en US | 1000 mexican pesos | 1000 MXN
en US | 500 canadian dollars | 500 CAD
en US | nineteen ninety-nine | 19.99 None
en US | 3 large pizzas | None
en US | call me at 5 | None
en US | 12% tip | None
en US | forty-five dollars fifty | 45.50 USD
en IN | Rs 750 | 750 INR
es MX | 2 mil 500 pesos | 2500 MXN
es AR | 10 lucas | 10000 ARS
es CL | 2 palos | 2000000 CLP
es MX | 300 varos | 300 MXN
es ES | millón y medio de euros | 1500000 EUR
es ES | tres pizzas | None
es ES | a las 5 | None
es CR | ₡2500 | 2500 CRC
es ES | veinte pavos | 20 EUR
pt BR | 200 pau | 200 BRL
pt BR | três pizzas | None
pt BR | às 5 | None
pt BR | dezenove e noventa reais | 19.90 BRL
pt BR | 10% | None
pt BR | rs 30 | 30 BRL
""",
    "phone": """
en US | four one five, five five five, twenty six seventy one | +14155552671
en US | area code 415, 555 2671 | +14155552671
es ES | seis cinco cinco, cuarenta y cuatro, treinta y tres, veintidós | +34655443322
es MX | +521 81 1234 5678 | +528112345678
pt BR | vinte e um, nove nove oito sete seis, cinco quatro três dois | +5521998765432
pt BR | 99123-4567 | None
""",
    "email": """
en US | kim at g mail dot com | kim@gmail.com
en US | not old@x.com, use new@x.com | new@x.com
es ES | carla(arroba)gmail.com | carla@gmail.com
es ES | carla arroba hotmail com | carla@hotmail.com
pt BR | carla hífen dias arroba gmail ponto com | carla-dias@gmail.com
pt BR | carla arroba hotmail com | carla@hotmail.com
""",
    "yes_no": """
en US | I'd be happy to | yes
en US | don't think I can | no
es ES | encantada | yes
es ES | ya veremos | None
es ES | venga | yes
es ES | no me importa, sí | yes
es ES | obvio que no | no
es AR | ni en pedo | no
es ES | eso mismo | yes
es ES | imposible | no
pt BR | simmm | yes
pt BR | nãooo | no
pt BR | de forma alguma | no
pt BR | está correto | yes
pt BR | ainda não decidi | None
pt BR | óbvio que não | no
pt BR | tô dentro | yes
pt BR | nananinanão | no
""",
}
ON_WEDNESDAY = {
    "date": """
en US | a week on friday | 2026-08-28
en US | june 31st | None
en US | the 2nd one please | None
en US | last sunday of september | 2026-09-27
en US | day after tmrw | 2026-08-21
en US | not this friday but next | 2026-08-28
es ES | el uno de septiembre | 2026-09-01
es ES | de este viernes en ocho | 2026-08-28
es ES | el último viernes de agosto | 2026-08-28
es ES | quinta planta | None
pt BR | faz três dias | 2026-08-16
pt BR | primeira segunda de setembro | 2026-09-07
pt BR | sexta não posso, sábado sim | 2026-08-22
pt BR | é a minha segunda compra | None
""",
    "time": """
en US | 10-11am | 10:00
en US | 8 sharp | 08:00
en US | nine pm. no wait, ten pm | 22:00
es ES | de 10 a 12 de la mañana | 10:00
es ES | las 8 no, las 9 | 09:00
pt BR | entre 10 e 11 da manhã | 10:00
pt BR | meio dia e quarenta | 12:40
pt BR | às 8 não, às 9 | 09:00
""",
    "money": """
en GB | a fiver | 5 GBP
en US | 4 nights in may | None
en US | it was not $20, it was $25 | 25 USD
en GB | two pounds fifty | 2.50 GBP
en US | gate 22 | None
en US | tip is 20% | None
es MX | cincuenta pesitos | 50 MXN
es AR | 3 lucas | 3000 ARS
es CO | doscientos mil pesitos | 200000 COP
es ES | 4 noches | None
es PE | 50 lucas | 50 PEN
es MX | mil varos | 1000 MXN
es ES | puerta 22 | None
es ES | 20% de descuento | None
es HN | L 250 | 250 HNL
es BO | Bs 70 | 70 BOB
pt BR | 4 noites | None
pt BR | porta 22 | None
pt BR | 20% de desconto | None
pt BR | não 20 reais, 25 reais | 25 BRL
""",
    "yes_no": """
en US | couldn't agree more | yes
es ES | totalmente | yes
es ES | ni de coña | no
es ES | desde luego que no | no
es MX | a huevo | yes
es MX | ándale | yes
es CO | de una parce | yes
pt BR | totalmente | yes
pt BR | lógico que não | no
pt BR | tô nessa | yes
""",
    "duration": """
en US | quarter hour | 900
en US | fifteen to twenty minutes | 900
es ES | una horita | 3600
es ES | de quince a veinte minutos | 900
es ES | una semanita | 604800
pt BR | uma horinha só | 3600
pt BR | de quinze a vinte minutos | 900
pt BR | uma semaninha | 604800
pt BR | 1h e 40 | 6000
""",
    "number": """
en US | 2 1/2 cups | 2.5
es ES | una mesa para cuatro | 4
es ES | somos una familia de 5 | 5
es ES | 4 y medio | 4.5
pt BR | uma mesa para quatro | 4
pt BR | somos uma família de 5 | 5
pt BR | 4 e meio | 4.5
""",
}


@pytest.mark.parametrize(
    ("now", "kind", "language", "region", "text", "wanted"),
    [
        pytest.param(now, *case.values, id=case.id)
        for now, tables in ((FRIDAY, ON_FRIDAY), (TUESDAY, ON_TUESDAY), (WEDNESDAY, ON_WEDNESDAY))
        for kind, lines in tables.items()
        for case in cases(kind, lines)
    ],
)
def test_what_people_chat_is_read(now, kind, language, region, text, wanted):
    place = Place(language=language, region=region, now=now)

    assert told(read_entity(kind, text, place)) == wanted
