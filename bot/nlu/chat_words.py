"""Short forms of chats in full words, before what a text is for is read."""

import re
from collections.abc import Mapping

LISTS = {
    "en": """
        u: you, ur: your, r: are, pls: please, plz: please, thx: thanks, ty: thank you,
        ppl: people, smth: something, sth: something, tmrw: tomorrow, tmr: tomorrow,
        tonite: tonight, rn: right now, asap: soon, cuz: because, cos: because, bc: because,
        w: with, gonna: going to, wanna: want to, gotta: have to, gimme: give me, lemme: let me,
        dunno: don't know, idk: i don't know, btw: by the way, nvm: never mind, y'all: you all,
        appt: appointment, appts: appointments, addr: address, hrs: hours, hr: hour,
        mins: minutes, msg: message, acct: account, qty: quantity, pic: picture, pics: pictures,
        im: i'm, ive: i've, dont: don't, doesnt: doesn't, didnt: didn't, cant: can't, wont: won't,
        isnt: isn't, wasnt: wasn't, havent: haven't, hasnt: hasn't, wheres: where is,
        whats: what is, hows: how is, whos: who is, whens: when is, thats: that's,
        theres: there is, thurs: thursday, tues: tuesday, weds: wednesday, b4: before,
        kinda: kind of, bday: birthday, xmas: christmas, omg: oh my god, lol:, lmao:, smh:, wtf:
    """,
    "es": """
        q: que, k: que, ke: que, xq: porque, x: por, xfa: por favor, porfa: por favor,
        porfis: por favor, tb: también, tmb: también, d: de, dnd: dónde, cdo: cuando, cnd: cuando,
        tngo: tengo, msj: mensaje, info: información, finde: fin de semana, wpp: whatsapp,
        bn: bien, grax: gracias, kiero: quiero, aki: aquí, tel: teléfono, cel: celular,
        depto: departamento, jaja:, jajaja:
    """,
    "pt": """
        q: que, vc: você, vcs: vocês, pq: porque, tb: também, tbm: também, hj: hoje,
        amnh: amanhã, cadê: onde está, cade: onde está, kd: onde está, pfv: por favor,
        obg: obrigado, vlw: obrigado, msm: mesmo, mt: muito, mto: muito, dps: depois,
        qnd: quando, qdo: quando, qto: quanto, qnt: quanto, n: não, nao: não, cmg: comigo,
        td: tudo, fds: fim de semana, zap: whatsapp, msg: mensagem, aki: aqui,
        kkk:, kkkk:, rs:, rsrs:
    """,
}
"""A word with nothing behind it says nothing of what is wanted."""

SHORT: Mapping[str, Mapping[str, str]] = {
    language: {
        word: meant.strip()
        for word, _, meant in (one.strip().partition(":") for one in listed.split(","))
    }
    for language, listed in LISTS.items()
}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def spelt_out(text: str, language: str) -> str:
    """Return a text with its short forms in full; as it is in a language without a list."""
    short = SHORT.get(language[:2])
    if short is None:
        return text
    full = WORD.sub(lambda found: short.get(found[0].lower(), found[0]), text)
    return " ".join(full.split()) or text
