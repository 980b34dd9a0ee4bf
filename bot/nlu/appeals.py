"""What only a person should answer: a wish for one, a threat of law or bank, an accusation.

Patterns in English, Spanish and Portuguese, over words as people type them in a chat.
"""

import re

PEOPLE = (
    "human", "person", "agent", "manager", "someone", "somebody", "representative", "supervisor",
    "operator", "persona", "humano", "agente", "alguien", r"encargad\w+", "gerente", r"asesor\w*",
    r"operador\w*", "pessoa", "atendente", r"algu[ée]m", r"respons[aá]vel",
)  # fmt: skip
REACH = (
    "speak", "talk", "chat", "connect", "transfer", "hablar", r"comunic\w+",
    r"p[aá]s[aáeé]\w*", r"me pass[ae]r?", "falar", r"transf[ei]\w+", r"cham[ae]\w*", "real",
    "actual", "live",
)  # fmt: skip
SERVING = (
    "human", "representative", "supervisor", "manager", "humano", "atendente", "asesora?",
    "gerente",
)  # fmt: skip
ALONE = (*SERVING, "agent", "operator", "agente", "operadora?")
ASKED = (
    rf"\b(?:{'|'.join(REACH)})\b.{{0,25}}\b(?:{'|'.join(PEOPLE)})\b",
    (
        r"\b(?:get|need|want|give|quiero|necesito|quero|preciso)(?: me| de)?(?: an?| una?| uma?)"
        rf"(?: real| live)? (?:{'|'.join(SERVING)})\b"
    ),
    (
        rf"^\W*(?:(?:an?|una?|uma?|real|live) )*(?:{'|'.join(ALONE)})"
        r"(?:,? (?:please|pls|por favor|pfv))?\W*$"
    ),
    r"\b(?:someone|somebody|person|human|agent)\b.{0,15}\b(?:talk|speak|chat)\b",
    r"\b(?:alguien|persona|humano)\b.{0,15}\b(?:hablar|me atienda|me ayude)\b",
    r"\b(?:me atienda|atendid[oa] por) (?:alg|u[nm]a? (?:persona|pessoa|human|agente|atendente))",
    r"\b(?:atendimento|atenci[oó]n|human) (?:humano|humana|support|help)\b",
    (
        r"\b(?:any|is there an?|alg[uú]n|alguna|algum|alguma|(?:hay|tem) (?:una?|uma?)) "
        r"(?:actual |real )?(?:human\w*|person|persona|pessoa)\b.{0,12}\b(?:there|ah[ií]|a[ií])\b"
    ),
    r"\b(?:any(?:one|body)|alguien|algu[eé]m) (?:human\w*|real|de verdade?)\b",
)
LAW = (
    r"\b(?:my|our) (?:lawyer|attorney|solicitor)s?\b.{0,25}\b(?:contact|call|writ\w+|touch)\b",
    r"\b(?:hear(?:ing)? from|calling|contacting) (?:my|our) (?:lawyer|attorney|solicitor)",
    r"\b(?:will|['’]ll|going to|gonna) (?:sue|report) (?:you|this|your|the)\b",
    r"\b(?:legal action|small claims|take (?:you|this) to court|see you in court)\b",
    r"\bgo(?:ing)? to the (?:press|media|police|authorities)\b",
    r"\b(?:trading standards|ombudsman|better business bureau|consumer (?:protection|court))\b",
    r"\b(?:mis?|nuestr[oa]s?) abogad[oa]s?\b.{0,25}\b(?:comuni|contact|llam|escrib|demand|denunci)",
    r"\b(?:(?:voy|vamos) a (?:demandar|denunciar)\w*|los (?:demando|denuncio))\b",
    r"\b(?:hago|har[eé]|hacer|poner|pongo|pondr[eé]) (?:la|una) denuncia\b",
    r"\b(?:a|iniciar?|hacer(?:les)?) (?:un )?juicio\b|\bvoy a la (?:polic[ií]a|prensa)\b",
    r"\b(?:defensa (?:del|al) consumidor|profeco|sernac|indecopi)\b",
    r"\b(?:libro|hoja) de reclamaciones\b|\b(?:acciones legales|carta documento)\b",
    r"\b(?:meu|minha|noss[oa]) advogad[oa]\b.{0,25}\b(?:contato|procurar|ligar|entrar|acionar)\b",
    r"\bvou (?:te |os )?(?:processar|denunciar)\b|\bprocessar (?:voc[eê]s?|vcs?)\b",
    r"\bvou (?:à|a|na|pra) (?:pol[ií]cia|imprensa|justi[cç]a|delegacia)\b",
    r"\bconsumidor\.gov|\babrir (?:uma )?(?:reclama[cç][aã]o|queixa) (?:no|na|contra)\b",
    r"\b(?:procon|reclame ?aqui|pequenas causas)\b",
    r"\bmedidas (?:legais|judiciais)\b|\bentrar na justi[cç]a\b",
)
BANK = (
    r"\bcharge-?\s?backs?\b",
    r"\bdisput(?:e|ing) (?:the|this|that|your) (?:charge|payment|transaction)",
    r"\bbank\b.{0,20}\brevers|\brevers(?:e|ing) (?:the|this|that) (?:charge|payment)",
    (
        r"\b(?:or|o|ou) (?:i['’]?(?:ll| will)? (?:go|call|talk)|voy|hablo|llamo|vou|falo|ligo)"
        r"(?: (?:to|with|al?|con el|ao?|no|com o|pro|para o))?(?: my| the| mi| meu)? ban(?:k|co)\b"
    ),
    r"\bcontracargos?\b",
    r"\bbanco\b.{0,15}\b(?:revierta|reverse|devuelva)\b|\breclam\w+ (?:al|en el) banco\b",
    r"\bestorn\w+ (?:no|pelo|com o) (?:banco|cart[aã]o)\b",
    r"\b(?:desconocer|desconozco) (?:el|la|este|esta|ese|esa) (?:cargo|compra|consumo|pago)\b",
    r"\bcontestar (?:a|o|essa|esse|esta|este) (?:compra|cobran[cç]a|pagamento|valor)\b",
)
ACCUSED = (
    r"\b(?:you|you guys|you people) (?:are|r) (?:all |just |a bunch of )*(?:thie|scam|crook|liar)",
    r"\b(?:son|sois) (?:todos )?(?:un[oa]s |una banda de )?(?:estafador|ladron|chorr|mentiros)",
    r"\b(?:voc[eê]s|vcs) s[aã]o (?:tod[oa]s )?(?:un?s |uma? )?(?:ladr|golpist|mentiros|picaret)",
    r"\bbando de (?:ladr|golpist|mentiros|picaret)",
    r"\byou (?:all |guys |people |just |have )*(?:robbed|scammed|conned|ripped) (?:me|us)\b",
    r"\bwhat you stole\b|\b(?:this|that) is (?:an? |outright |daylight )*(?:theft|robbery)\b",
    r"\b(?:ustedes|uds|vosotros|lo que) (?:me|nos) (?:han )?(?:roba|estafa|enga[nñ]a)(?:ron|do)\b",
    r"\b(?:me|nos) est[aá]n (?:robando|estafando)\b|\besto es un (?:robo|fraude)\b",
    r"\b(?:voc[eê]s|vcs) (?:me|nos) (?:roubaram|enganaram|passaram a perna)\b",
    r"\b(?:me|nos) roubando\b|\bisso [eé] (?:um )?(?:roubo|estelionato)\b",
)
PERSON = re.compile("|".join(ASKED), re.IGNORECASE)
THREAT = re.compile("|".join(LAW + BANK), re.IGNORECASE)
ACCUSATION = re.compile("|".join(ACCUSED), re.IGNORECASE)


def calls_for_person(text: str) -> bool:
    """Return whether a text asks for a person, or threatens with law, a regulator or the bank."""
    return asks_for_person(text) or threatens(text)


def asks_for_person(text: str) -> bool:
    """Return whether a text asks for a person."""
    return bool(PERSON.search(text))


def threatens(text: str) -> bool:
    """Return whether a text threatens with law, a regulator or the bank."""
    return bool(THREAT.search(text))


def accuses(text: str) -> bool:
    """Return whether a text calls the business thieves, liars or frauds."""
    return bool(ACCUSATION.search(text))
