"""German phrases of conversation."""

from __future__ import annotations

from assistant.intent.lang.phrases import Phrases

PHRASES = Phrases(
    rules={
        "please": "[(bitte|(kannst|könntest|würdest|könnten|können|würden) (du|sie) [(mir|bitte|mal|bitte mal"
        "|mir bitte)]|ich (möchte|will|hätte gern|brauche)|mach mal)]",
        "thanks": "[(bitte|danke|für mich|jetzt|sofort|jetzt bitte|vielen dank)]",
        "whats": "((was|wie|wer|welches) (ist|sind|lautet)|(sag|nenn|gib|zeig|sage|nenne|zeige) mir [(bitte|mal)]"
        "|(kannst|könntest) du mir [bitte] (sagen|nennen)|weißt du|ich (möchte|will|würde gern) wissen)",
        "tell": "((sag|sage|verrat|verrate) mir [(bitte|mal)]|(kannst|könntest) du mir [bitte] sagen|weißt du"
        "|ich (möchte|will|würde gern) wissen)",
    },
    yes=(
        "ja", "jawohl", "jo", "klar", "na klar", "sicher", "natürlich", "genau", "richtig", "okay", "ok", "gern",
        "gerne", "stimmt", "das stimmt", "auf jeden fall", "unbedingt",
        "ja [bitte] (mach [das]|tu das|gern|gerne|genau)", "mach [(das|es)]", "bin ich", "einverstanden",
    ),
    no=(
        "nein", "nee", "nö", "ne", "niemals", "auf keinen fall", "[nein] lieber nicht",
        "[nein] (mach|tu) (das|es) nicht", "nicht wirklich", "eher nicht", "bloß nicht", "bin ich nicht",
    ),
    dismissals=(
        "[(nein|ach|oh|also|doch|bitte)] (vergiss (es|das)|schon gut|egal|ist egal|nicht so wichtig|lass [(es|das"
        "|mal)]|lass es (sein|gut sein)|abbrechen|brich ab|stopp|stop|hör auf|nichts|das war's|das wars"
        "|das ist alles|nein danke|jetzt nicht|nicht jetzt|doch nicht) [(bitte|danke)]",
    ),
    answer_rules={
        "no": "(nein|nee|ne|nein nein|halt|warte|moment|oh|ach|entschuldigung|doch)",
        "meant": "(ich (meinte|meine|sagte|habe gesagt)|mach (das|es|daraus|lieber)|stell (es|das|ihn) auf|ändere (es"
        "|das) auf)",
        "well": "(ähm|äh|also|na ja|hm|okay|ja|vielleicht|ich glaube|sagen wir)",
        "like": "(ich (möchte|will|hätte gern|hätte gerne|nehme)|nimm|es ist|das ist|wir nehmen|sagen wir|den|der|die"
        "|das)",
        "at": "[(für|um|auf|in|im|am|an|bei|von|zu|gegen)] [(den|die|das|dem|der)]",
        "tail": "(bitte|danke|dann|stattdessen|lieber)",
    },
    corrections=(
        "<no> [<meant>] [(doch|lieber)] <at> {value} [<tail>]", "<meant> <at> {value} [<tail>]",
        "[<meant>] (doch [lieber]|lieber) <at> {value} [bitte]", "[<meant>] <at> {value} stattdessen [bitte]",
    ),
    places=(
        "(ersten|erste|erster|erstes)", "(zweiten|zweite|zweiter|zweites)", "(dritten|dritte|dritter|drittes)",
        "(vierten|vierte|vierter|viertes)", "(fünften|fünfte|fünfter|fünftes)",
    ),
    last=("(letzten|letzte|letzter|letztes)",),
    place="[(der|die|das|den|dem)] {word}",
    number="[die] nummer {word}",
    count=("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"),
    idle=frozenset((
        "ein", "eine", "einen", "der", "die", "das", "den", "bitte", "für", "es", "ist", "ich", "möchte", "will",
        "nehme", "mein", "danke",
    )),
    before=(
        "hey", "hi", "hallo", "ok", "okay", "bitte", "also", "so", "gut", "na", "und", "dann", "jetzt", "ja", "mal",
        "entschuldigung", "kannst du", "könntest du", "würdest du", "kannst du bitte", "könntest du bitte",
        "könntest du mal", "kannst du mal", "kannst du mir", "könntest du mir", "sei so gut und", "sei so nett und",
        "ich möchte dass du", "ich will dass du",
    ),
    after=(
        "bitte", "danke", "danke schön", "vielen dank", "danke sehr", "jetzt", "sofort", "dann", "für mich", "mal",
        "okay", "ok", "ja", "wenn du kannst", "wenn es geht", "auch", "bitte schön", "bitte mal",
    ),
    polite=("bitte", "danke"),
    hesitations=("äh", "ähm", "öh", "öhm", "hm", "hmm", "tja"),
)  # fmt: skip
