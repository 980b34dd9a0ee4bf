"""Whether people say yes or no, in English, Spanish and Portuguese."""

import re

from bot.language.corrections import TAKEN_BACK
from bot.language.spoken import plain

OPEN = (
    "not sure", "unsure", "i'm not certain", "i don't know", "i dont know", "dont know",
    "do not know", "idk", "dunno", "maybe", "perhaps", "possibly", "no idea", "no clue",
    "can't decide", "let me think", "let me check", "let me see", "i'll think", "i'll see",
    "we'll see", "i might", "it might", "depends", "yes and no", "what do you mean",
    "don't understand", "haven't decided", "undecided", "hard to say", "i don't remember", "no se",
    "no lo se", "ni idea", "quiza", "quizas", "tal vez", "depende", "no estoy segur",
    "no entiendo", "lo voy a pensar", "lo pensare", "lo pienso", "tengo que pensar",
    "no lo he decidido", "no he decidido", "todavia no se", "todavia no lo se", "dejame pensar",
    "dejame ver", "ya veremos", "vamos a ver", "a lo mejor", "puede que", "puede ser que",
    "quien sabe", "no sabria", "no recuerdo", "mas o menos", "si y no", "nao sei", "nem sei",
    "sla", "talvez", "nao tenho certeza", "nao entendi", "vou pensar", "preciso pensar",
    "deixa eu pensar", "deixa eu ver", "vou ver", "sei la", "ainda nao sei", "em duvida",
    "nao faco ideia", "quem sabe", "se pa", "mais ou menos", "sim e nao", "nao lembro",
    "pode ser que", "nao decidi",
)  # fmt: skip
YES = (
    "no problem", "no doubt", "why not", "no worries", "not a problem", "without a doubt",
    "don't mind", "i don't see why not", "can't wait", "no objection", "nothing wrong with that",
    "sin problema", "sin duda", "no hay problema", "como no", "por que no", "ningun problema",
    "no veo por que no", "sem problema", "sem duvida", "nao tem problema", "por que nao",
    "com certeza", "com ctz", "nao vejo por que nao", "i think so", "i guess so", "i suppose so",
    "guess so", "i suppose", "i guess", "happy to", "glad to", "my pleasure",
    "right on", "agree more", "a huevo", "andale", "to nessa", "of course", "i believe so",
    "i hope so", "count me in", "i'm in", "im in", "go for it", "sounds great",
    "sounds like a plan", "that's it", "it is",
    "i do", "i did", "i will", "i would", "i am", "uh huh", "mm hmm", "let's go", "that's fine",
    "go ahead", "go on then", "sounds good", "that's right", "that is right", "that is correct",
    "please do",
    "do it", "let's do it", "you bet", "u bet", "for sure", "all good", "looks good", "fine by me",
    "works for me", "i would love", "i'd love", "i'd like that", "i agree", "by all means",
    "very well", "that works", "that would be great", "you got it", "thumbs up", "por supuesto",
    "de acuerdo", "esta bien", "adelante", "me parece bien", "asi es", "eso es", "me encantaria",
    "esta perfecto", "con gusto", "spot on", "bang on",
    "nailed it", "that's the one", "ya lo creo", "desde luego", "hagale", "me sirve", "de una",
    "no me importa", "encantado", "encantada", "eso mismo", "me apunto", "me late", "trato hecho",
    "tal cual", "pode ser", "isso mesmo", "isso ai", "esta certo", "ta certo", "ta bom",
    "esta bom", "ta ok", "pode sim", "e isso", "to dentro", "pode mandar", "manda ver",
    "manda bala", "de acordo", "ta otimo", "claro", "fechado", "combinado", "bora", "vamos nessa",
    "por mim tudo bem", "tudo bem", "tudo certo", "nao me importo", "esta correto", "ta correto",
    "com prazer", "esta bem", "ta bem", "por mim ok", "pode crer", "show de bola",
)  # fmt: skip
NO = (
    "no thanks", "no thank you", "not really", "no way", "not now", "not today", "not yet",
    "rather not", "don't think so", "dont think so", "do not want", "don't want", "dont want",
    "don't need", "dont need", "don't bother", "don't feel like", "of course not", "afraid not",
    "certainly not", "absolutely not", "definitely not", "not at all", "forget it", "never mind",
    "nevermind", "not interested", "i disagree", "that's wrong", "not correct", "isn't right",
    "not right", "i'll pass", "hard pass", "hell no", "no chance", "not necessary", "don't do it",
    "please don't", "let's not", "no need", "not anymore", "count me out", "not for me",
    "no can do", "i won't", "not gonna", "not going to", "leave it", "skip it", "para nada",
    "de ninguna manera", "ni loco", "ni loca", "ni hablar", "ni de broma", "ni en broma",
    "ni de chiste", "ni de cona", "ni en pedo", "ni ahi", "ni muerto", "no quiero", "no gracias",
    "mejor no", "por ahora no", "de ningun modo", "en absoluto", "no hace falta", "no es correcto",
    "no esta bien", "tampoco", "todavia no", "aun no", "ahora no", "hoy no", "que va",
    "no me interesa", "dejalo", "olvidalo", "no es necesario", "no puedo", "no lo creo", "no creo",
    "imposible", "de jeito nenhum", "de jeito maneira", "nem pensar", "nem a pau", "nem morto",
    "nem morta", "nem ferrando", "nem que a vaca tussa", "nao quero", "melhor nao", "agora nao",
    "hoje nao", "ainda nao", "de maneira nenhuma", "de forma alguma", "de forma nenhuma",
    "de modo algum", "nao precisa", "nao esta certo", "deixa pra la", "nao obrigad", "prefiro nao",
    "que nada", "negativo", "nao tenho interesse", "deixa quieto", "to fora", "estou fora",
    "nao posso", "nao da", "nao vai dar", "nao rola", "quero nao", "pode nao", "posso nao",
    "precisa nao", "da nao", "vou nao", "dispenso", "nao creio", "impossivel",
    "ta errado", "esta errado", "isso ta errado", "esta mal",
)  # fmt: skip
YES_LIST = """
    yes yeah yep yup ya yah yas yea ye yh yess yessir sure surely ok okay okey okie oki okk k kk
    okis fine right correct exactly indeed absolutely definitely certainly totally agreed
    affirmative perfect great confirm confirmed confirmo confirmado y aye gladly accept accepted
    approve alright alrighty ofc def defo deal roger mhm mmhmm please pls plz bet cool si sip sipi
    sep sii siii s claro clarin vale dale va bueno correcto exacto perfecto genial obvio
    efectivamente afirmativo listo okei acepto seguro sale orale simon aja cierto hecho arre porfa
    porfis sim simm ss uhum aham ahan arram isso pode quero beleza blz bele certo certeza positivo
    exatamente exato perfeito otimo logico aceito topo valeu show confirma venga totalmente
    correto fechou demorou partiu bora tranquilo certinho joya sound very muito
    mucho bastante sipo vamos vamo ta eh firmeza
"""
YES_WORDS = frozenset(YES_LIST.split())
NO_LIST = """
    no nope nah nay n never negative wrong incorrect cancel nop noo nooo nops nopo nunca jamas
    negativo nao naum nn nem non nel nanay nones incorrecto incorreto falso cancela cancelar cancele
    nananinanao neca not nuh naw jamais paso passo nada
"""
NO_WORDS = frozenset(NO_LIST.split())
ALONE_LIST = """
    bet cool deal def eh fine great hecho k kk n nada partiu paso passo please pls plz porfa
    porfis right s sale show sound very muito mucho bastante ta tranquilo va vamo vamos y ye
"""
ALONE = frozenset(ALONE_LIST.split())
"""These say yes or no, and much else in other sentences ("show my list"): they count among such
words, or at the start."""
SOFTLY_LIST = """
    ai all amigo bem bien bola brigado bro by cara de demais entao entonces eso esta favor gracias
    hora is its man mano mate me mesmo mim muito na obrigada obrigado please pois por pra pues so
    thank thanks thats then thx todo tudo with ya you
"""
SOFTLY = frozenset(SOFTLY_LIST.split())
"""They may stand beside such a word without making it another sentence."""
AGREE, REFUSE = re.compile(r"[👍👌✅🆗☑✔🙌💯🤙🤝]"), re.compile(r"[👎❌🚫🙅✖⛔]")
SURELY = (
    r"por supuesto|claro|claramente|com certeza|com toda certeza|certeza|obvio|logico|desde luego|"
    r"seguro|evidentemente|certamente|acho|creo|creio|pienso|penso|parece|temo|espero|digo|diria"
)
SURE_NO = re.compile(rf"\b(?:{SURELY})\s+(?:que\s+)?(?:no|nao)\b")
SURE_YES = re.compile(rf"\b(?:{SURELY})\s+(?:que\s+)?(?:si|sim)\b")
NO_NO = re.compile(
    r"\b(?:wouldn't|can't|cant|couldn't|won't|never|not gonna|not going to|cannot) say no\b|"
    r"\bno (?:dire|diria|digo|voy a decir|puedo decir)(?: que)? no\b|\bno me niego\b|"
    r"\bnao (?:vou dizer|diria|digo|tenho como dizer|posso dizer)(?: que)? nao\b"
)
"""Who would not say no says yes."""
REFUSING = re.compile(
    r"\b(?:can't|cant|cannot|can not|couldn't|won't)\b"
    r"(?! (?:wait|complain|say no|decide|agree more))|"
    r"\b(?:guess|suppose|hope|think|probably|apparently|prefer|preferably|better) not\b|"
    r"\bdon'?t think (?:so|i|we|it|that)\b|"
    r"^ (?:tem|tenho|quero|precis[ao]|vou|posso|pode|gosto|rola|vai|da|e|foi|sou) (?:n|nn|nao) $|"
    r"\b(?:i'?m|we'?re) (?:good|all set)(?: thanks| thank you| for now)? $"
)
PLAIN_NO = frozenset(("no", "nope", "nah", "nao"))
BUT = frozenset(("but", "pero", "mas", "so", "solo"))
PLAIN_YES = frozenset(
    ("yes", "yeah", "yep", "yup", "yea", "ya", "si", "sip", "sim", "ok", "okay", "vale")
)
IN_THE = re.compile(
    r"(?<=\w )no(?= (?:total|dia|sabado|domingo|fim|final|comeco|inicio|mes|ano|natal|almoco|"
    r"jantar|horario|feriado|pix|cartao|dinheiro|boleto|debito|credito|maximo|minimo|meu|seu|"
    r"outro|proximo|mesmo|centro|balcao|local|salao|cafe) )"
)
"""A Portuguese "no" that denies nothing: "fica melhor no pix"."""
IN_ANY = re.compile(r"(?<=\w )no(?= \w)")
PORTUGUESE = re.compile(
    r" (?:nossa|mesm[oa]|faz|pra|pro|voce|vc|fica|melhor|entao|nao|hein|quero|coloca|deixa|isso|"
    r"uma?|com|muito) (?=.*\w )"
)
"""Beside these a "no" within a sentence is "em o"."""
ASKS_TOO = frozenset(("pode", "quero", "please", "pls"))
"""What begins a question too: "pode ser às 10?"."""
BRIEF = 5  # letters of a phrase that must end where a word ends: "no se" is not in "no, send it"
LONGEST = 8  # words of a text whose single words tell


def says(text: str) -> bool | None:
    """Return True for yes, False for no, None for neither or both."""
    folded = _folded(text)
    back = [] if folded.strip() in YES_WORDS else list(TAKEN_BACK.finditer(folded))
    if back:
        last = back[-1]
        if folded[last.end() :].strip():
            later = _judged(text, f" {folded[last.end() :].strip()} ")
            if later is not None:
                return later
        elif "wait" in last[0] or "espera" in last[0]:
            return None
        else:
            folded = f" {folded[: last.start()].strip()} "
    return _judged(text, folded)


def says_first(text: str) -> bool:
    """Tell whether a text says yes or no by its first word or a phrase, not by a word within."""
    folded = _folded(text)
    words = folded.replace("'", "").split()
    return (
        bool(words and words[0] in YES_WORDS | NO_WORDS)
        or bool(AGREE.search(text) or REFUSE.search(text))
        or _by_phrases(folded) is not None
    )


def _folded(text: str) -> str:
    marked = re.sub(r"[^\w\s'👍]", " ", plain(text).replace("’", "'"))
    short = re.sub(r"([^\W\dk])\1{2,}", r"\1", marked)
    folded = f" {' '.join(short.split())} "
    if PORTUGUESE.search(folded):
        return IN_ANY.sub("em o", folded)
    return IN_THE.sub("em o", folded)


def _judged(text: str, folded: str) -> bool | None:
    yes, no = bool(AGREE.search(text)), bool(REFUSE.search(text))
    if yes is not no and not folded.strip(" 👍"):
        return yes
    words = folded.replace("'", "").split()
    if words[:1] and words[0] in PLAIN_NO and words[1:2] and words[1] in BUT:
        return False
    known = words[:1] and words[0] in (YES_WORDS | NO_WORDS) - ASKS_TOO
    if any(f" {phrase}{' ' * (len(phrase) <= BRIEF)}" in folded for phrase in OPEN):
        return None
    if text.rstrip().endswith("?") and not known and not _whole(folded):
        return None
    found = _by_phrases(folded)
    if found is not None or not words:
        return found
    return _by_words(words)


def _whole(folded: str) -> bool:
    return folded.strip() in YES or folded.strip() in NO


def _by_phrases(folded: str) -> bool | None:
    if NO_NO.search(folded):
        return True
    if SURE_YES.search(folded) is not None or SURE_NO.search(folded) is not None:
        return SURE_NO.search(folded) is None
    if REFUSING.search(folded):
        return False
    for phrases, answer in ((NO, False), (YES, True)):
        said = next((one for one in phrases if f" {one} " in folded or f" {one}s " in folded), None)
        if said is not None:
            denied = re.search(rf" (?:no|nao|not) {re.escape(said)}", folded) is not None
            return answer and not denied
    return None


def _by_words(words: list[str]) -> bool | None:
    if not YES_WORDS.union(NO_WORDS, SOFTLY).issuperset(words):
        words = ["" if word in ALONE else word for word in words]
    first = words[0]
    if first in YES_WORDS and first not in NO_WORDS:
        if len(words) == 2 and words[1] in NO_WORDS and words[1] not in ("n", "not"):
            return None if first in PLAIN_YES else False
        return True
    if first in NO_WORDS:
        return False
    said = [word for word in words if word in YES_WORDS or word in NO_WORDS]
    if len(words) > LONGEST or not said:
        return None
    if any(word in NO_WORDS for word in said):
        return False
    return True if len(words) <= 6 else None
