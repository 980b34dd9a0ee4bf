"""Words and letters by which short messages tell their language.

A word that several languages have stands under each of them: it tells them from the others only.
"""

from collections.abc import Mapping

MARKS: Mapping[str, str] = {
    "en": """
        hello hi hey there thanks thank thx please pls plz what how the is are am was you your ur
        open order want hours i my we it this that yes yeah yep good morning night afternoon
        evening need help can could would where when why who which call not working waiting still
        sorry see later price much many to for of and with at have has got get do does don't
        didn't can't i'm it's tomorrow today tonight yesterday delivery refund cancel update sounds
        great bye welcome worries any anyone late wrong here need speak english too just send sent
        will be been they our from about isn't doesn't won't
    """,
    "es": """
        hola gracias quiero usted ustedes cuánto cuánta cuesta sale dónde está están horario
        cuáles abierto buenas buenos días tardes noches precios precio pedido necesito hablar con
        una un el los las la al del para por favor porfa porfis qué cuándo cómo sí vale mañana hoy
        ayer hasta luego sigo tienen tiene hay alguien ayuda ayudas ayúdame perfecto disculpa
        disculpe perdón envíos envío entrega hora horas abren cierran llegó llega funciona
        pedir es soy mi me no se y pero muy bien tal estoy estás esperando también muchas mucho
        dale claro adiós chao ahora aquí espero puedo puede quisiera quieren gusta español inglés
        nombre todavía nada ya qué q reservar comprar tarjeta nuestro nuestra ellos
    """,
    "pt": """
        olá ola oi obrigado obrigada obg brigado quero você vocês vcs vc quanto quanta custa onde
        fica horário quais aberto bom boa dia tarde tardes noite preços preço pedido preciso falar
        com uma um os as do da dos das na ao para pra pro por favor pfv que quando como sim não nao
        vale amanhã hoje hj ontem até logo ainda tem têm tudo bem alguém aí ajuda ajudar me
        desculpa desculpe entregam entrega entregas hora horas abrem fecham chegou chega funciona
        abre pedir é sou meu minha se e mas muito muita valeu vlw blz beleza estou tô está esperando
        também agora aqui espero posso pode gostaria querem gosta português inglês nome nada já
        qto qual tchau queria reservar comprar cartão nosso nossa eu isso eles
    """,
    "fr": """
        bonjour bonsoir salut merci beaucoup oui non s'il vous plaît svp stp combien ça coûte c'est
        ouvert je j'ai j'aimerais besoin d'aide aide demain hier aujourd'hui où êtes êtes-vous
        d'accord va bien voudrais voudrait commander commande à quelle quel heure heures est-ce
        que qu'est qui quand comment pourquoi avez vous nous tu le la les un une des du et mais
        avec pour sur dans pas de mon ma mes prix livraison bonne journée soirée nuit au revoir
        toujours encore ici il elle est sont suis désolé pardon peux pouvez
        table ferme fermez ouvrez parler français anglais
    """,
    "de": """
        hallo danke guten gute tag morgen abend nacht ja nein doch wie viel viele kostet das habt
        haben hat ihr offen geöffnet bitte ich brauche hilfe wo seid sind ist vielen dank wann
        öffnet tschüss moin servus grüß gott was wer warum welche der die den dem ein eine einen
        und oder aber mit für nicht kein keine heute gestern uhr preis bestellen bestellung liefern
        lieferung möchte will kann können wir sie mir mein meine noch immer schon auch gut geht
        entschuldigung sorry hier es zu von auf im bin deutsch
    """,
    "it": """
        ciao grazie mille buongiorno buonasera buonanotte sì no quanto quanta costa costano siete
        aperti aperto per favore piacere ho bisogno di aiuto domani oggi ieri dove vorrei ordinare
        ordine a che ora va bene scusa scusi salve prego arrivederci sono è il lo la i gli le un
        uno una del della e ma con non mi ti come quando perché quale quali avete posso puoi può
        prezzo consegna ancora qui anche molto tutto apri aprite chiudete parlare italiano inglese
        prenotare tavolo
    """,
}
"""A word as it is rightly written; without its accents it counts for less."""

LETTERS: Mapping[str, str] = {
    "es": "ñ¿¡áéíóúü",
    "pt": "ãõâêôçáéíóúà",
    "fr": "âêôçàèéùîûëïœ",
    "de": "äöüß",
    "it": "àèéìòù",
}
LAUGHS: Mapping[str, str] = {"es": r"\bja(?:ja)+j?\b", "pt": r"\bk{3,}\b|\brs(?:rs)+\b"}
