"""French phrases of conversation."""

from __future__ import annotations

from assistant.intent.lang.phrases import Phrases

PHRASES = Phrases(
    rules={
        "please": "[(s'il te plaît|s'il vous plaît|(peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|tu peux|tu pourrais"
        "|est-ce que tu peux|est-ce que tu pourrais|veux-tu) [(me|m'|s'il te plaît|s'il te plaît me)]"
        "|(je veux|je voudrais|j'aimerais|il faut) [que tu])]",
        "thanks": "[(s'il te plaît|s'il vous plaît|merci|pour moi|maintenant|tout de suite|merci beaucoup)]",
        "whats": "((quel|quelle|quels|quelles) (est|sont)|c'est quoi|qu'est-ce que c'est|(dis|donne"
        "|montre)-moi [s'il te plaît]|(peux-tu|pourrais-tu|tu peux) me (dire|donner)|tu sais|je (veux"
        "|voudrais) (savoir|connaître)|j'aimerais savoir)",
        "tell": "(dis-moi [s'il te plaît]|(peux-tu|pourrais-tu|tu peux|tu pourrais) me dire|est-ce que tu sais|tu sais"
        "|sais-tu|je (veux|voudrais) savoir|j'aimerais savoir)",
    },
    yes=(
        "oui", "ouais", "oui oui", "bien sûr", "d'accord", "ok", "okay", "c'est ça", "exact", "exactement",
        "tout à fait", "absolument", "certainement", "volontiers", "avec plaisir", "vas-y",
        "[oui] (fais-le|fais ça|vas-y|je veux bien)", "si", "j'en suis sûr", "j'en suis sûre", "je suis sûr",
        "oui s'il te plaît", "parfait",
    ),
    no=(
        "non", "nan", "non non", "pas du tout", "jamais", "[non] (ne fais pas ça|ne le fais pas|surtout pas)",
        "[non] plutôt pas", "pas vraiment", "certainement pas", "bien sûr que non", "je ne suis pas sûr",
    ),
    dismissals=(
        "[(non|oh|bon|ah|finalement|désolé)] (laisse tomber|laisse|oublie [(ça|tout)]|peu importe|tant pis"
        "|annule [(ça|tout)]|arrête [(ça|tout)]|stop|rien|c'est bon|ça ira|c'est tout|non merci|pas maintenant"
        "|ce n'est pas grave|c'est pas grave) [(s'il te plaît|merci)]",
    ),
    answer_rules={
        "no": "(non|non non|attends|oh|ah|pardon|désolé|désolée|oups|en fait|plutôt)",
        "meant": "(je voulais dire|je veux dire|j'ai dit|je parlais (de|d')|mets-(le|la) (à|sur)|mets plutôt"
        "|change (le|ça) (pour|en)|fais plutôt)",
        "well": "(euh|bon|ben|eh bien|alors|oui|d'accord|peut-être|je pense|disons)",
        "like": "(je (veux|voudrais|prends)|j'aimerais|c'est|ce sera|prenons|disons|va pour|celui|celle)",
        "at": "[(pour|à|au|dans|sur|de|d'|en|vers|du)] [(le|la|les|l')]",
        "tail": "(s'il te plaît|s'il vous plaît|merci|alors|plutôt|à la place)",
    },
    corrections=(
        "<no> [<meant>] [plutôt] <at> {value} [<tail>]", "<meant> <at> {value} [<tail>]",
        "[<meant>] <at> {value} (plutôt|à la place) [s'il te plaît]", "[<meant>] plutôt <at> {value}",
    ),
    places=("(premier|première)", "(deuxième|second|seconde)", "troisième", "quatrième", "cinquième"),
    last=("(dernier|dernière)",),
    place="[(le|la|les)] {word}",
    number="[le] numéro {word}",
    count=("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    idle=frozenset((
        "un", "une", "le", "la", "les", "l'", "celui", "celle", "s'il", "te", "plaît", "c'", "est", "je", "veux",
        "voudrais", "mon", "ma", "merci", "pour",
    )),
    before=(
        "hé", "hey", "salut", "bonjour", "bonsoir", "ok", "okay", "s'il te plaît", "s'il vous plaît", "alors", "bon",
        "ben", "eh bien", "et", "puis", "maintenant", "oui", "excuse-moi", "excusez-moi", "peux-tu", "tu peux",
        "pourrais-tu", "tu pourrais", "pouvez-vous", "pourriez-vous", "est-ce que tu peux", "est-ce que tu pourrais",
        "je voudrais que tu", "j'aimerais que tu", "je veux que tu", "dis",
    ),
    after=(
        "s'il te plaît", "s'il vous plaît", "merci", "merci beaucoup", "merci bien", "maintenant", "tout de suite",
        "alors", "pour moi", "d'accord", "ok", "si tu peux", "si tu veux bien", "aussi", "veux-tu", "stp",
    ),
    polite=("s'il te plaît", "s'il vous plaît", "merci"),
    hesitations=("euh", "heu", "hum", "hmm", "ben", "bah"),
)  # fmt: skip
