import pytest

from bot.language.parties import MOST_READ, company_in


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [("en", "just me and my husband", 2), ("en", "My wife and I", 2), ("en", "me plus two", 3),
     ("en", "me and my 2 kids", 3), ("es", "mi mamá y yo", 2), ("es", "yo con dos amigos", 3),
     ("es", "solo yo y mi novia", 2), ("pt", "só eu e minha mãe!", 2), ("pt", "eu e mais três", 4),
     ("pt", "eu, meu marido e 2 filhos", 4), ("en", "just me please", 1), ("pt", "só eu", 1),
     ("es", "solo yo!", 1)],
)  # fmt: skip
def test_who_counts_themselves_is_one_of_them(language, text, count):
    assert company_in(text, language) == count


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "only me and my kids"), ("en", "me and my kids"), ("en", "I want 4"),
     ("en", "give me 3"), ("en", "four of us"), ("es", "yo quiero 2"),
     ("es", "me traes 3 y mi agua"), ("pt", "quero 3 e minha esposa 2"), ("pt", "eu quero um"),
     ("pt", ""), ("pt", "eu e mais 3 " + " " * MOST_READ)],
)  # fmt: skip
def test_who_counts_something_else_or_nothing_is_no_company(language, text):
    assert company_in(text, language) is None
