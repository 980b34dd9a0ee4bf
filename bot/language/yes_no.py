"""Whether people say yes or no, in English, Spanish and Portuguese."""

import re

from bot.language.spoken import plain

OPEN = (
    "not sure", "i don't know", "dont know", "do not know", "maybe", "perhaps", "no idea",
    "can't decide", "let me think", "i'll think", "depends", "yes and no", "what do you mean",
    "don't understand", "no se", "no lo se", "quiza", "quizas", "tal vez", "depende",
    "no estoy segur", "no entiendo", "lo voy a pensar", "lo pensare", "a lo mejor",
    "puede ser que", "nao sei", "talvez", "nao tenho certeza", "nao entendi", "vou pensar",
    "sei la", "ainda nao sei", "haven't decided", "undecided", "mas o menos", "mais ou menos",
    "si y no", "sim e nao",
)  # fmt: skip
YES = (
    "no problem", "no doubt", "why not", "no worries", "not a problem", "without a doubt",
    "don't mind", "i don't see why not", "can't wait", "no objection", "nothing wrong with that",
    "sin problema", "sin duda", "no hay problema", "como no", "por que no", "ningun problema",
    "no veo por que no", "sem problema", "sem duvida", "nao tem problema", "por que nao",
    "com certeza", "nao vejo por que nao", "claro que sim", "claro que si", "acho que sim",
    "creo que si", "i think so", "i guess so", "i suppose so", "guess so", "of course",
    "go ahead", "sounds good", "that's right", "that is right", "that is correct", "please do",
    "do it", "let's do it", "you bet", "for sure", "all good", "looks good", "fine by me",
    "works for me", "i would love", "i'd love", "i'd like that", "i agree", "by all means",
    "very well", "that works", "that would be great", "you got it", "thumbs up", "por supuesto",
    "de acuerdo", "esta bien", "adelante", "me parece bien", "asi es", "eso es", "me encantaria",
    "esta perfecto", "con gusto", "ya lo creo", "desde luego", "hagale", "me sirve", "pode ser",
    "isso mesmo", "esta certo", "ta certo", "ta bom", "esta bom", "pode sim", "e isso",
    "pode mandar", "manda ver", "de acordo", "ta otimo", "claro", "fechado", "combinado", "bora",
    "vamos nessa", "por mim tudo bem", "tudo bem", "tudo certo", "com prazer",
)  # fmt: skip
NO = (
    "no thanks", "no thank you", "not really", "no way", "not now", "not today", "not yet",
    "rather not", "don't think so", "do not want", "don't want", "dont want", "of course not",
    "certainly not", "absolutely not", "definitely not", "not at all", "forget it", "never mind",
    "not interested", "i disagree", "that's wrong", "not correct", "isn't right", "not right",
    "i'll pass", "hell no", "no chance", "not necessary", "don't do it", "please don't",
    "para nada", "de ninguna manera", "ni loco", "ni loca", "ni hablar", "claro que no",
    "no quiero", "no gracias", "creo que no", "mejor no", "por ahora no", "de ningun modo",
    "en absoluto", "no hace falta", "no es correcto", "no esta bien", "tampoco", "todavia no",
    "ahora no", "que va", "no me interesa", "dejalo", "de jeito nenhum", "nem pensar",
    "claro que nao", "nao quero", "acho que nao", "melhor nao", "agora nao", "ainda nao",
    "de maneira nenhuma", "nao precisa", "nao esta certo", "deixa pra la", "nao obrigad",
    "prefiro nao", "que nada", "negativo", "nao tenho interesse", "deixa quieto", "to fora",
    "estou fora",
)  # fmt: skip
YES_LIST = """
    yes yeah yep yup ya yah yas yess yesss sure ok okay okey okie k kk fine right correct
    exactly indeed absolutely definitely certainly totally agreed affirmative perfect great
    confirm confirmed confirmo confirmado y aye gladly accept accepted approve si sip sii siii
    s claro vale dale va bueno correcto exacto perfecto genial obvio efectivamente afirmativo
    listo okei acepto seguro sale orale simon sim simm ss uhum aham isso pode quero beleza blz
    certo certeza positivo exatamente perfeito otimo logico aceito topo valeu show confirma
"""
YES_WORDS = frozenset(YES_LIST.split())
NO_LIST = """
    no nope nah nay n never negative wrong incorrect cancel nop noo nooo nunca jamas negativo
    nao naum nn nem non incorrecto incorreto falso cancela cancelar cancele not
"""
NO_WORDS = frozenset(NO_LIST.split())
ALONE = frozenset(("show", "y", "va"))
"""These say yes, and much else in other sentences ("show my list"): they count among such words."""
SOFTLY = frozenset((
    "de", "bola", "demais", "muito", "mesmo", "por", "favor", "please", "bien", "bem", "pois",
    "entonces", "entao",
))  # fmt: skip
"""They may stand beside such a word without making it another sentence."""
AGREE, REFUSE = re.compile(r"[👍👌✅🆗☑✔🙌💯]"), re.compile(r"[👎❌🚫🙅✖⛔]")


def says(text: str) -> bool | None:
    """Return True for yes, False for no, None for neither or both."""
    folded = re.sub(r"[^\w\s'👍]", " ", plain(text).replace("’", "'"))
    folded = f" {' '.join(folded.split())} "
    if any(f" {phrase}" in folded for phrase in OPEN):
        return None
    yes, no = bool(AGREE.search(text)), bool(REFUSE.search(text))
    if yes is not no and not folded.strip(" 👍"):
        return yes
    for phrases, answer in ((NO, False), (YES, True)):
        if any(f" {phrase} " in folded or f" {phrase}s " in folded for phrase in phrases):
            return answer
    words = folded.replace("'", "").split()
    return _by_words(words) if words else None


def _by_words(words: list[str]) -> bool | None:
    if not YES_WORDS.union(SOFTLY).issuperset(words):
        words = ["" if word in ALONE else word for word in words]
    first = words[0]
    if first in YES_WORDS and first not in NO_WORDS:
        later_no = len(words) > 1 and words[1] in NO_WORDS and words[1] not in ("n", "not")
        return None if later_no and len(words) == 2 else True
    if first in NO_WORDS:
        return False
    said = [word for word in words if word in YES_WORDS or word in NO_WORDS]
    if len(words) > 8 or not said:
        return None
    if any(word in NO_WORDS for word in said):
        return False
    return True if len(words) <= 6 else None
