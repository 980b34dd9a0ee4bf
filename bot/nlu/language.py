"""Which language a text is written in."""

import re

ENOUGH = 1_000  # characters that are looked at: a quarter of a millisecond at most
FEWEST_WORDS = 3  # below, the statistics guess; only marked words tell
MARKS = {
    "en": "hello hi thanks please what how the is you your open order want hours",
    "es": "hola gracias quiero usted cuanto cuesta donde esta horario cuales abierto buenas"
          " buenos dias precios pedido necesito hablar con una el los para",
    "pt": "ola oi obrigado obrigada quero voce voces quanto custa onde fica horario quais aberto"
          " bom boa tarde noite precos pedido preciso falar com uma um os nao sim",
}  # fmt: skip
SPECIAL = {"pt": re.compile(r"[ãõâêôç]", re.IGNORECASE), "es": re.compile(r"[ñ¿¡]", re.IGNORECASE)}


class LanguageReader:
    """Tells languages apart, among those that are configured."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._languages = languages
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(list(languages))
        self._marks = {
            language: frozenset(words.split())
            for language, words in MARKS.items()
            if language in languages
        }

    def language_of(self, text: str) -> str | None:
        """Return the text's language by its beginning, None when it is too short to tell."""
        text = text[:ENOUGH]
        words = _words(text)
        for language, special in SPECIAL.items():
            if language in self._languages and special.search(text):
                return language
        scores = {
            language: sum(word in marks for word in words)
            for language, marks in self._marks.items()
        }
        best = max(scores.values(), default=0)
        leaders = [language for language, score in scores.items() if score == best]
        if best and len(leaders) == 1:
            return leaders[0]
        if len(words) < FEWEST_WORDS:
            return None
        language, probability = self._identifier.classify(text)
        return str(language) if probability > 0.7 else None


def _words(text: str) -> list[str]:
    import unicodedata

    plain = unicodedata.normalize("NFD", text.casefold())
    return re.findall(r"[a-z]+", re.sub(r"[̀-ͯ]", "", plain))
