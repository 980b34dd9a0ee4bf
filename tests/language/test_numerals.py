import pytest

from bot.language.folding import fold
from bot.language.numerals import TONGUES, numeral_of


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("yüz otuz iki", 132), ("üç bin beş yüz", 3500), ("viisitoista", 15), ("száztíz", 110),
        ("harminckettő", 32), ("tweehonderd", 200), ("tjugofem", 25), ("femogtyve", 25),
        ("dwadzieścia pięć", 25), ("douăzeci și cinci", 25), ("dua puluh lima", 25),
        ("dua belas", 12), ("một trăm linh năm", 105), ("двісті тридцять п'ять", 235),
        ("είκοσι πέντε", 25), ("خمسة عشر", 15), ("مئة وخمسة", 105), ("بیست و پنج", 25),
        ("חמש עשרה", 15), ("निन्यानवे", 99), ("एक सौ पाँच", 105), ("สิบเอ็ด", 11),
        ("สองร้อยสามสิบ", 230), ("백이십", 120), ("一百零五", 105), ("两千三百", 2300),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_language_joins_it(said, value):
    assert numeral_of(fold(said).words) == value


@pytest.mark.parametrize("said", ["on", "hat", "to", "fire", "the", "to go", "yirmi pizza", "이"])
def test_a_word_of_other_languages_is_no_number_by_itself(said):
    assert numeral_of(fold(said).words) is None


def test_it_is_one_where_the_language_is_known_to_be_its_own():
    assert numeral_of(("on",), "tr") == 10
    assert numeral_of(("yirmi",), "en") is None
    assert numeral_of(("пять",), "en") == 5


@pytest.mark.parametrize("language", sorted(TONGUES))
def test_no_language_says_a_number_below_a_hundred_and_means_another(language):
    below = TONGUES[language].below

    assert {TONGUES[language].value(said) for said in below} == set(below.values())
    assert set(range(1, 100)) <= set(below.values())
