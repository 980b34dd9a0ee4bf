"""Each kind in three languages; written on Wednesday 11 March 2026 at ten."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.amounts import Money
from bot.language.entities import Place, read_entity

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
KINDS = (
    "number", "integer", "money", "date", "time", "datetime", "duration", "phone", "email",
    "yes_no",
)  # fmt: skip

NUMBER = """
en US | I need 3 of them | 3
en US | twenty-five people | 25
en US | not two but three | 3
en US | 1,250 units | 1250
en US | 2.5 | 2.5
en US | a dozen eggs | 12
en US | hello | None
es ES | somos cuatro | 4
es MX | 1,250.50 | 1250.5
es ES | 1.250 | 1250
pt BR | quero duas | 2
pt BR | 1.250,75 | 1250.75
pt BR | uns trinta e cinco | 35
pt BR | meia dúzia | 6
en US | half a million | 500000
en US | zero | 0
en US | minus 5 degrees | -5
en US | 1/2 | 0.5
en US | table for two | 2
en US | no thanks | None
en US | one hundred and five | 105
en US | 10 thousand | 10000
en US | three and a half | 3.5
en US | it's 7 | 7
es ES | ciento veintitrés | 123
es ES | dos mil quinientos | 2500
es ES | tres coma cinco | 3.5
es ES | ninguno | None
es ES | una docena | 12
pt BR | duas mil e quinhentas | 2500
pt BR | três vírgula cinco | 3.5
pt BR | cento e dez | 110
pt BR | somos em oito | 8
pt BR | 1 milhão | 1000000
pt BR | 1 kg e 300 | 1.3
pt BR | dois quilos e duzentos | 2.2
pt BR | 2 kg e 1 coca | 2
pt BR | quero três, aliás quatro | 4
pt BR | eu e mais 3 | 4
en US | my wife and I | 2
es MX | yo quiero 2 | 2
"""
MONEY = """
en US | $1,234.50 | 1234.50 USD
en US | fifty bucks | 50 USD
en US | twenty dollars and fifty cents | 20.50 USD
en US | around 2k | 2000 None
en GB | £20 | 20 GBP
en US | 99 cents | 0.99 USD
en US | two grand | 2000 None
en US | USD 300 | 300 USD
en US | 300 euros | 300 EUR
pt BR | R$ 1.234,50 | 1234.50 BRL
pt BR | cinquenta reais | 50 BRL
pt BR | mil e duzentos reais | 1200 BRL
pt BR | cinco reais e cinquenta centavos | 5.50 BRL
pt BR | uns 200 contos | 200 BRL
pt BR | 2,5 mil reais | 2500 BRL
es MX | 500 pesos | 500 MXN
es AR | $ 1.500 | 1500 ARS
es ES | veinte euros con cincuenta | 20.50 EUR
es ES | 12,50 € | 12.50 EUR
es CO | dos mil pesos | 2000 COP
es MX | $1,500.00 | 1500 MXN
es PE | s/ 30 | 30 PEN
en US | a hundred dollars | 100 USD
en US | 5.99 | 5.99 None
en US | I can pay $80 max | 80 USD
en US | 1.5k dollars | 1500 USD
en US | ten euros | 10 EUR
en US | two hundred and fifty pounds | 250 GBP
en US | free | None
en US | order 12 for $40 | 40 USD
es ES | mil euros | 1000 EUR
es MX | doscientos cincuenta pesos con cincuenta centavos | 250.50 MXN
es CL | 15 lucas | 15000 CLP
es AR | US$ 200 | 200 USD
es ES | 3 mil dólares | 3000 USD
pt BR | R$50 | 50 BRL
pt BR | 150 reais | 150 BRL
pt BR | trinta e nove e noventa | 39.90 None
pt BR | dois mil e quinhentos reais | 2500 BRL
pt BR | 50 centavos | 0.50 BRL
pt BR | cem dólares | 100 USD
pt PT | 20 euros | 20 EUR
"""
DATE = """
en US | tomorrow | 2026-03-12
en US | next monday | 2026-03-16
en US | on friday | 2026-03-13
en US | March 20th | 2026-03-20
en US | the 5th | 2026-04-05
en US | 3/4 | 2027-03-04
en GB | 3/4 | 2026-04-03
en US | in three days | 2026-03-14
en US | two weeks from now | 2026-03-25
en US | 12 Dec 2026 | 2026-12-12
en US | the day after tomorrow | 2026-03-13
en US | Tuesday next week | 2026-03-17
en US | this weekend | 2026-03-14
en US | the first of May | 2026-05-01
en US | May 1st, 2027 | 2027-05-01
en US | january 5 | 2027-01-05
en US | twenty-first of June | 2026-06-21
en US | see you then | None
es ES | el lunes que viene | 2026-03-16
es ES | mañana | 2026-03-12
es ES | pasado mañana | 2026-03-13
es ES | el 12 de marzo | 2026-03-12
es ES | el 3 de enero | 2027-01-03
es ES | 15/04 | 2026-04-15
es ES | dentro de dos semanas | 2026-03-25
es ES | el próximo viernes | 2026-03-13
es ES | hoy por la mañana | 2026-03-11
es ES | el jueves por la mañana | 2026-03-12
es ES | el veinte de abril | 2026-04-20
es ES | en 10 días | 2026-03-21
es ES | el día 15 | 2026-03-15
pt BR | amanhã | 2026-03-12
pt BR | segunda-feira que vem | 2026-03-16
pt BR | depois de amanhã | 2026-03-13
pt BR | dia 20 | 2026-03-20
pt BR | daqui a 3 dias | 2026-03-14
pt BR | sexta | 2026-03-13
pt BR | 5 de maio | 2026-05-05
pt BR | 25/12/2026 | 2026-12-25
pt BR | quinze de agosto | 2026-08-15
pt BR | sábado da semana que vem | 2026-03-21
pt BR | primeiro de abril | 2026-04-01
en US | the day is 03/15/2026 | 2026-03-15
en US | Sunday | 2026-03-15
en US | wednesday | 2026-03-18
en US | a week from today | 2026-03-18
en US | next week | 2026-03-18
en US | end of the month | 2026-03-31
en US | next month on the 3rd | 2026-04-03
en US | Christmas | 2026-12-25
en US | feb 29 | 2028-02-29
en US | on the 21st | 2026-03-21
en US | 2026-05-04 | 2026-05-04
en US | my order number is 48213 | None
en US | last friday | 2026-03-06
en US | Thursday the 19th | 2026-03-19
en US | the 2nd of April | 2026-04-02
es ES | este viernes | 2026-03-13
es ES | el domingo | 2026-03-15
es ES | la semana que viene | 2026-03-18
es ES | fin de mes | 2026-03-31
es ES | el primero de mayo | 2026-05-01
es ES | 2 de abril de 2027 | 2027-04-02
es ES | el martes 17 | 2026-03-17
es ES | por la mañana | None
pt BR | próxima terça | 2026-03-17
pt BR | terça que vem | 2026-03-17
pt BR | quarta-feira | 2026-03-18
pt BR | no fim de semana | 2026-03-14
pt BR | em duas semanas | 2026-03-25
pt BR | 3/4 | 2026-04-03
pt BR | dia 5 de abril | 2026-04-05
pt BR | sexta-feira, dia 20 | 2026-03-20
pt BR | a segunda opção | None
pt BR | ontem | 2026-03-10
es ES | nací el 3 de mayo del 98 | 1998-05-03
es ES | el 3 de mayo del año pasado | 2025-05-03
pt BR | 5 de maio do ano passado | 2025-05-05
en US | May 5, 87 | 1987-05-05
en US | 5 May '04 | 2004-05-05
en US | May 5 last year | 2025-05-05
es ES | del 3 de mayo al 5 | 2026-05-03
"""
TIME = """
en US | 5pm | 17:00
en US | at 5:30 p.m. | 17:30
en US | 17:45 | 17:45
en US | half past six | 18:30
en US | quarter to nine | 08:45
en US | noon | 12:00
en US | around eight in the evening | 20:00
en US | seven thirty pm | 19:30
en US | ten o'clock | 10:00
en US | at 9 | 09:00
en US | in two hours | 12:00
en US | 12am | 00:00
en US | three in the afternoon | 15:00
es ES | a las 5 de la tarde | 17:00
es ES | a las cinco y media | 17:30
es ES | a las seis menos cuarto de la tarde | 17:45
es ES | al mediodía | 12:00
es ES | 20:30 h | 20:30
es ES | a las ocho y cuarto de la noche | 20:15
es ES | las 9 de la mañana | 09:00
es ES | a las diez y diez | 10:10
pt BR | às 17h | 17:00
pt BR | 17h30 | 17:30
pt BR | cinco e meia da tarde | 17:30
pt BR | meio-dia | 12:00
pt BR | às oito da noite | 20:00
pt BR | quinze para as seis | 17:45
pt BR | meio dia e meia | 12:30
pt BR | às 9 da manhã | 09:00
pt BR | 19 horas | 19:00
en US | can you come by at seven | 07:00
en US | let's say 4:15pm | 16:15
en US | ten to six pm | 17:50
en US | midnight | 00:00
en US | no idea | None
en US | twenty past three | 15:20
en US | from 9 to 5 | 09:00
en US | at 0900 | 09:00
es MX | a la una y media de la tarde | 13:30
es ES | las 12 de la noche | 00:00
es ES | a las 3 de la mañana | 03:00
en GB | at 05:30 | 05:30
en GB | at 7 | 07:00
es ES | a las 3 | 15:00
es ES | dentro de media hora | 10:30
pt BR | à uma da tarde | 13:00
pt BR | meia noite e meia | 00:30
pt BR | dez para as sete da noite | 18:50
pt BR | lá pelas 3 da tarde | 15:00
pt BR | daqui a duas horas | 12:00
pt BR | sete e quinze | 07:15
"""
DATETIME = """
en US | tomorrow at 5pm | 2026-03-12T17:00
en US | next friday at half past two in the afternoon | 2026-03-13T14:30
en US | March 20 at 10:15 | 2026-03-20T10:15
en US | tonight at 8 | 2026-03-11T20:00
en US | in two hours | 2026-03-11T12:00
en US | at 9am | 2026-03-12T09:00
en US | monday 3pm | 2026-03-16T15:00
en US | 3/20 at 4 pm | 2026-03-20T16:00
pt BR | amanhã às 17h | 2026-03-12T17:00
pt BR | sexta às nove e meia da manhã | 2026-03-13T09:30
pt BR | dia 15 às 14:30 | 2026-03-15T14:30
pt BR | hoje à noite, às 8 | 2026-03-11T20:00
pt BR | 12/04 às 10h | 2026-04-12T10:00
es ES | mañana a las 5 de la tarde | 2026-03-12T17:00
es ES | el lunes que viene a las 10 | 2026-03-16T10:00
es ES | mañana por la mañana a las 9 | 2026-03-12T09:00
es ES | el 20 de marzo a las 18:00 | 2026-03-20T18:00
es ES | el viernes a las ocho de la noche | 2026-03-13T20:00
en US | the 20th at noon | 2026-03-20T12:00
en US | tomorrow morning at 9 | 2026-03-12T09:00
en US | tomorrow | None
en US | Saturday at 7:30 in the evening | 2026-03-14T19:30
en US | in 30 minutes | 2026-03-11T10:30
en US | in 3 days at 2pm | 2026-03-14T14:00
en GB | 04/05/2026 14:00 | 2026-05-04T14:00
es MX | pasado mañana a las 8 am | 2026-03-13T08:00
es ES | hoy a las 18h | 2026-03-11T18:00
es ES | el próximo martes a mediodía | 2026-03-17T12:00
es ES | mañana a las diez y media | 2026-03-12T10:30
pt BR | amanhã de manhã às 9 | 2026-03-12T09:00
pt BR | segunda que vem às 15h30 | 2026-03-16T15:30
pt BR | amanhã ao meio-dia | 2026-03-12T12:00
pt BR | depois de amanhã às sete da noite | 2026-03-13T19:00
pt BR | hoje às 20h | 2026-03-11T20:00
pt BR | daqui a meia hora | 2026-03-11T10:30
"""
DURATION = """
en US | two hours | 7200
en US | an hour and a half | 5400
en US | half an hour | 1800
en US | 90 minutes | 5400
en US | 1h30 | 5400
en US | 2 hours and 15 minutes | 8100
en US | a week | 604800
en US | three quarters of an hour | 2700
en US | a couple of days | 172800
en US | two and a half hours | 9000
en US | ten days | 864000
es ES | hora y media | 5400
es ES | media hora | 1800
es ES | dos horas y cuarto | 8100
es ES | tres días | 259200
es ES | un cuarto de hora | 900
es ES | una hora y veinte minutos | 4800
pt BR | uma hora e meia | 5400
pt BR | 3 diárias | 259200
pt BR | meia hora | 1800
pt BR | duas horas e meia | 9000
pt BR | quinze minutos | 900
pt BR | duas semanas | 1209600
pt BR | 1h e 20min | 4800
en US | 45 min | 2700
en US | 1:30 | 5400
en US | two weeks | 1209600
en US | a month | 2592000
en US | about 20 seconds | 20
en US | quarter of an hour | 900
en US | 3 hrs | 10800
en US | one and a half hours | 5400
en US | an hour | 3600
en US | a day and a half | 129600
en US | two days and three hours | 183600
es ES | una semana | 604800
es ES | quince días | 1296000
es ES | dos horas y media | 9000
es ES | tres cuartos de hora | 2700
es ES | un mes | 2592000
pt BR | três dias | 259200
pt BR | um mês | 2592000
pt BR | dia e meio | 129600
pt BR | 1h30min | 5400
pt BR | quarenta e cinco minutos | 2700
pt BR | uma hora e quinze | 4500
"""
PHONE = """
en US | call me at (415) 555-2671 | +14155552671
pt BR | meu zap é 11 98765-4321 | +5511987654321
es ES | mi número es el 612 34 56 78 | +34612345678
es MX | +52 55 1234 5678 | +525512345678
en GB | 020 7946 0958 | +442079460958
en US | five five five, no | None
en US | my number is 415-555-2671 ok | +14155552671
en US | four one five five five five two six seven one | +14155552671
pt BR | (21) 3456-7890 | +552134567890
pt BR | nove oito sete | None
es AR | 11 2345-6789 | +541123456789
es CO | 300 123 4567 | +573001234567
"""
EMAIL = """
en US | It's Ana.Lopez@Example.com, thanks | ana.lopez@example.com
en US | ana dot lopez at example dot com | ana.lopez@example.com
es ES | ana arroba ejemplo punto com | ana@ejemplo.com
en US | no email | None
pt BR | meu e-mail é joao.silva@gmail.com | joao.silva@gmail.com
pt BR | maria arroba exemplo ponto com ponto br | maria@exemplo.com.br
"""
YES_NO = """
en US | yes please | yes
en US | no problem | yes
en US | nah | no
en US | I don't think so | no
en US | not sure | None
en US | sounds good | yes
en US | of course not | no
en US | I'd rather not | no
en US | 👍 | yes
en US | what time is it | None
en US | yes, that's right | yes
en US | not yet | no
es ES | claro que sí | yes
es ES | para nada | no
es ES | vale | yes
es ES | no sé | None
es ES | sí, por favor | yes
es ES | creo que no | no
es ES | cómo no | yes
pt BR | pode ser | yes
pt BR | acho que não | no
pt BR | isso mesmo | yes
pt BR | não | no
pt BR | talvez | None
pt BR | com certeza | yes
pt BR | de jeito nenhum | no
pt BR | claro | yes
pt BR | tô fora | no
en US | yup | yes
en US | that would be great | yes
en US | no way | no
en US | sure, go ahead | yes
en US | cancel it | no
en US | absolutely not | no
en US | why not | yes
en US | hmm | None
en US | I guess so | yes
en US | never | no
es ES | por supuesto | yes
es ES | de acuerdo | yes
es ES | no, gracias | no
es ES | dale | yes
es ES | ni hablar | no
es ES | quizás | None
es ES | está bien | yes
es ES | mejor no | no
pt BR | sim, pode mandar | yes
pt BR | claro que não | no
pt BR | beleza | yes
pt BR | não, obrigado | no
pt BR | sem problema | yes
pt BR | ainda não sei | None
pt BR | tá bom | yes
pt BR | nem pensar | no
pt BR | pode ser às 10h? | None
pt BR | pode ser | yes
es ES | ¿y dan garantía? | None
"""


def told(value):
    match value:
        case bool():
            return "yes" if value else "no"
        case Money():
            return f"{value.amount.normalize():f} {value.currency}"
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return value.isoformat()[:16]
        case time():
            return value.isoformat()[:5]
        case date():
            return value.isoformat()
        case timedelta():
            return str(int(value.total_seconds()))
        case _:
            return str(value)


def cases(kind, lines):
    for line in lines.strip().splitlines():
        where, text, wanted = (part.strip() for part in line.split("|"))
        language, region = where.split()
        if kind == "money" and wanted != "None":
            amount, currency = wanted.split()
            wanted = f"{Decimal(amount).normalize():f} {currency}"
        yield pytest.param(kind, language, region, text, wanted, id=f"{kind}: {text}")


@pytest.mark.parametrize(
    ("kind", "language", "region", "text", "wanted"),
    [
        case
        for kind, lines in {
            "number": NUMBER,
            "money": MONEY,
            "date": DATE,
            "time": TIME,
            "datetime": DATETIME,
            "duration": DURATION,
            "phone": PHONE,
            "email": EMAIL,
            "yes_no": YES_NO,
        }.items()
        for case in cases(kind, lines)
    ],
)
def test_what_people_write_is_read(kind, language, region, text, wanted):
    place = Place(language=language, region=region, now=NOW)

    assert told(read_entity(kind, text, place)) == wanted


@given(
    text=st.text(alphabet=st.sampled_from("0123456789:/.,-$h amp hora e y media in 5 de the")),
    language=st.sampled_from(["en", "es", "pt", "de"]),
    kind=st.sampled_from(KINDS),
)
def test_no_text_raises(text, language, kind):
    read_entity(kind, text, Place(language=language, region=None, now=NOW))


def test_a_kind_that_is_not_known_holds_nothing():
    assert read_entity("colour", "red", Place(language="en", region=None, now=NOW)) is None
