"""Spanish phrases of conversation."""

from __future__ import annotations

from assistant.intent.lang.phrases import Phrases

PHRASES = Phrases(
    rules={
        "please": "[(por favor|(puedes|podrías|puede|podría) [por favor]|(quiero|quisiera|me gustaría|necesito) [que]"
        "|vamos a)]",
        "thanks": "[(por favor|gracias|para mí|ahora|ahora mismo|muchas gracias)]",
        "whats": "((cuál|qué|cuáles) (es|son)|(dime|dame|dígame|muéstrame|enséñame) [por favor]|(puedes"
        "|podrías) (decirme|darme)|sabes|(quiero|quisiera|me gustaría) saber)",
        "tell": "((dime|dígame) [por favor]|(puedes|podrías|me puedes|me podrías) (decirme|decir)|sabes|(quiero"
        "|quisiera|me gustaría) saber)",
    },
    yes=(
        "sí", "si", "sí sí", "claro", "claro que sí", "por supuesto", "vale", "de acuerdo", "ok", "okay", "bueno",
        "correcto", "exacto", "eso es", "así es", "desde luego", "sin duda", "adelante", "venga", "dale",
        "[sí] (hazlo|por favor)", "estoy seguro", "estoy segura", "está bien",
    ),
    no=(
        "no", "nop", "qué va", "para nada", "nunca", "de ninguna manera", "[no] mejor no", "[no] no lo hagas",
        "no hagas eso", "la verdad es que no", "claro que no", "no estoy seguro", "ni hablar",
    ),
    dismissals=(
        "[(no|ay|bueno|perdón|mejor)] (olvídalo|olvida eso|déjalo|deja|da igual|es igual|no importa|cancela [(eso"
        "|todo)]|cancelar|para|basta|nada|ya está|eso es todo|no gracias|ahora no|no te preocupes"
        "|déjalo estar) [(por favor|gracias)]",
    ),
    answer_rules={
        "no": "(no|no no|espera|oh|ay|perdón|perdona|lo siento|mejor dicho|en realidad)",
        "meant": "(quería decir|quise decir|quiero decir|me refería a|dije|he dicho|ponlo (a|en)|cámbialo (a|por)"
        "|que sean)",
        "well": "(eh|bueno|pues|este|vale|sí|quizás|quizá|tal vez|creo que|digamos)",
        "like": "(quiero|quisiera|me gustaría|es|son|será|que sean|digamos)",
        "at": "[(para|a|en|por|de|sobre)] [(el|la|los|las)]",
        "tail": "(por favor|gracias|entonces|mejor)",
    },
    corrections=(
        "<no> [<meant>] [mejor] <at> {value} [<tail>]", "<meant> <at> {value} [<tail>]",
        "[<meant>] <at> {value} (mejor|en vez de eso|en su lugar) [por favor]", "[<meant>] mejor <at> {value}",
    ),
    places=(
        "(primero|primera|primer)", "(segundo|segunda)", "(tercero|tercera|tercer)", "(cuarto|cuarta)",
        "(quinto|quinta)",
    ),
    last=("(último|última)",),
    place="[(el|la|los|las)] {word}",
    number="[el] número {word}",
    count=("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
    idle=frozenset((
        "un", "una", "el", "la", "los", "las", "lo", "por", "favor", "para", "es", "quiero", "quisiera", "mi",
        "gracias",
    )),
    before=(
        "oye", "hola", "eh", "ok", "okay", "vale", "por favor", "bueno", "pues", "y", "entonces", "ahora", "sí",
        "a ver", "perdona", "disculpa", "perdón", "puedes", "podrías", "me puedes", "me podrías", "puedes por favor",
        "podrías por favor", "quiero que", "quisiera que", "me gustaría que", "necesito que",
    ),
    after=(
        "por favor", "porfa", "gracias", "muchas gracias", "ahora", "ahora mismo", "ya", "entonces", "para mí",
        "vale", "ok", "si puedes", "si no te importa", "también", "quieres",
    ),
    polite=("por favor", "gracias"),
    hesitations=("eh", "em", "ehm", "mmm", "hmm"),
)  # fmt: skip
