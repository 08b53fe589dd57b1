"""Words by language that say little about what a sentence is about, and words that say nearly the same."""

from __future__ import annotations

from types import MappingProxyType


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMMON = MappingProxyType({
    "en": _set("""
        a an and am any anything are as at be been being but by can could did do does doing don for from get
        give go had has have having he her hers him his how if in into is it its just know let like ll many
        may me might mine more much must my need no not of off on one or our ours out please re remember
        remind say shall she should some still tell than that the their theirs them then there these they
        thing think this those to too up us ve want was we were what when where which who whom whose why will
        with would yes you your yours about again also because before after over under so now ok okay hey
        hello
    """),
    "de": _set("""
        aber alle als also am an auch auf aus bei bin bis bist bitte da das dass daß dein deine deinem deinen
        deiner dem den denn der des dich die dir doch du ein eine einem einen einer eines er es etwas euch für
        gib gibt hab habe haben hallo hast hat hatte hier ich ihm ihn ihnen ihr ihre ihrem ihren im in ist ja
        jetzt kann kannst kein keine können könnte mal man mein meine meinem meinen meiner meines mich mir mit
        muss nach nein nicht noch nun nur ob oder sag sagen sehr sein seine seinem seinen seiner sich sie sind
        so soll um und uns unser unsere vom von vor wann war waren warum was welche welchem welchen welcher
        welches wem wen wenn wer werde werden weiß weißt wie wieder will wir wird wirst wo woher wohin wurde
        zu zum zur über weiss weisst kennst
    """),
    "es": _set("""
        al algo alguna alguno ante aunque aquí así como con cuando cuál cual cuáles cuándo cuánto cuántos
        cuánta cuántas cómo de del desde dime di donde dónde dos el ella ellas ellos en entre era eran eres es
        esa ese eso esta este esto está están estoy estás fue ha haber hace hacer has hasta hay he hola la las
        le les lo los me mi mis mucho muy más mía mío nada ni no nos nosotros nuestra nuestro o otra otro para
        pero poco por porque puede puedes qué que quien quién quiénes quiero se sea ser si sin sobre son soy
        su sus sabes sé sí también te tengo tiene tienes tu tus tú un una uno unos usted va ver voy y ya yo
        favor recuerda
    """),
    "fr": _set("""
        ai aie alors après as au aussi aux avant avec avez avoir avons bonjour bon car ce ceci cela ces cet
        cette ceux chez comme comment dans de depuis des dis dire dit dois donc du elle elles en encore es est
        et eu fait faire fais il ils je la le les leur leurs lui ma mais me mes moi moins mon même ne ni nos
        notre nous on ont ou où par pas peu peut peux plus pour pourquoi puis qu quand que quel quelle quelles
        quels qui quoi sa sais sait sans se sera ses si son sont suis sur ta te tes toi ton tous tout toute
        très tu un une va vais veux vos votre vous voici voilà été étais était être ça stp plaît rappelle
    """),
    "ru": _set("""
        а без бы был была были было быть в вам вас весь во вот все всё вы где да для до его ее её ей если есть
        еще ещё же за и из или им их к как какая какие какой какое какого каком какую когда кто ко куда ли
        меня мне мной мои мое моё мой моя моего моей моему моем моём мою моих моим моими мы на над нас не него
        нее неё нет ни них но ну о об он она они от по под пожалуйста почему при про с сам свой своя себя
        скажи сколько со так также там твой твоя те тебе тебя то тогда того тоже только том ты у уже хочу чего
        чем что чтобы чье чья чей это этот эта эти я знаешь знаю помнишь напомни который которая которые
        можешь мочь надо нужно
    """),
    "bg": _set("""
        а ако аз бе беше би без бил била били било бъде в вас ваш ви все всички във вие да дали до е ето за
        защо и из или им има имам имаш имат их й какво каква какъв какви как кога кого което които кой коя кои
        към къде ли ме мен мене ми много мога може можеш мой моя моят моята моето моите мое мои му на над не
        него нещо ни ние но някой няма обаче още от по под пак при с са само се сега си сме со съм със там
        така те теб тебе ти то това този тази тези той тя тъй у че ще я кажи знаеш зная знам помниш моля колко
        твой твоя твоят твоята твоето твоите
    """),
})  # fmt: skip
"""Language → its common words, in lower case with their accents."""

ALIKE = MappingProxyType({
    "0name": _set("""
        call called name named heissen heisst heiss genannt nennt nenn llama llamo llamas llaman nombre
        nombres appelle appelles appellent nom prénom prénoms зовут звать имя имени казва казваш казвам казват
        име името
    """),
    "0born": _set("""
        born birthday birthdays birth birthdate geburtstag geburtstage geburtstages geboren geburtsdatum
        cumpleaños nací nació nacida nacido nacimiento anniversaire née né naissance родился родилась рождения
        рождение роден родена рожден
    """),
})  # fmt: skip
"""What stands in the index for words that say nearly the same → these words."""

WEAK = frozenset({"0name"})
"""Which of them say little by themselves: everything has a name."""

OWN = _set("""
    i my me mine ich mein meine meiner mir mich yo mi mis me je j mon ma mes moi я мой моя мое моё меня мне аз моят
    моята моето ми
""")
"""Words about the user."""
