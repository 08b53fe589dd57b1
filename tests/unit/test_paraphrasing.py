"""What a sentence means that no template matches: intents, slots, questions, and when it is let be."""

# ruff: noqa: ARG001  (a skill's signature is what is tested)
from __future__ import annotations

import pytest

from assistant.intent.choices import Entries, differently, which
from assistant.intent.filling import Filler
from assistant.intent.manner import Manner, manner
from assistant.intent.match import Match, Matcher
from assistant.intent.paraphrasing import Ambiguous, learn
from assistant.intent.router import Router
from assistant.intent.slots import BUILT_IN, Duration
from assistant.intent.template import Grammar, Seq, Slot, SlotType, Tag, Template, list_type, parse_template
from assistant.skill.api import Context, skill
from tests.unit.test_router import Loaded

LAMPS = {"kitchen light": "k", "living room light": "l", "desk lamp": "d"}


@skill(
    "(set|start) [a] timer for {duration}", "[a] {duration} timer",
    examples=["set a timer for five minutes", "start a timer for an hour", "a ten minute timer"],
)  # fmt: skip
def set_timer(ctx: Context, duration: Duration) -> str:
    """Start a countdown timer."""
    return f"timer {duration}"


@skill("cancel [the] timer", "stop [the] timer", examples=["cancel the timer", "stop the timer"])
def cancel_timer(ctx: Context) -> str:
    """Cancel a timer."""
    return "cancelled"


@skill("how much time is left", "what timers are running", examples=["how much time is left"], pure=True)
def timer_status(ctx: Context) -> str:
    """Tell what timers are running."""
    return ""


@skill(
    "(turn|switch) on [the] {lamp}", "(turn|switch) [the] {lamp} on",
    slots={"lamp": LAMPS}, examples=["turn on the kitchen light", "switch the desk lamp on"],
)  # fmt: skip
def lamp_on(ctx: Context, lamp: str) -> str:
    """Turn a lamp on."""
    return f"{lamp} on"


@skill("(remind me to|note) {what}", examples=["remind me to call mum", "note the number of the bus"])
def remind(ctx: Context, what: str) -> str:
    """Remember something."""
    return ""


@skill("will it rain [(today|tomorrow)]", "(what is|what's) the weather [like]", examples=["will it rain"], pure=True)
def weather(ctx: Context) -> str:
    """Tell the weather."""
    return ""


@skill("tell [me] a joke", "make me laugh", examples=["tell me a joke"], pure=True)
def joke(ctx: Context) -> str:
    """Tell a joke."""
    return "a joke"


@skill("play [some] (music|jazz|songs)", "put [some] music on", examples=["play some music", "put some music on"])
def play(ctx: Context) -> str:
    """Play music."""
    return ""


FUNCTIONS = (set_timer, cancel_timer, timer_status, lamp_on, remind, weather, joke, play)


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(Loaded(*FUNCTIONS))


def understood(router: Router, text: str) -> Match:
    assert router.route(text) is None, "no template may match"
    found = router.paraphrase(text)
    assert isinstance(found, Match), found
    return found


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("start me a timer for twenty minutes", "set_timer", {"duration": Duration(minutes=20)}),
        ("Hey, start me a timer of 20 minutes", "set_timer", {"duration": Duration(minutes=20)}),
        ("please turn the light in the kitchen on", "lamp_on", {"lamp": "k"}),
        ("is the weather like tomorrow", "weather", {}),
    ],
)
def test_slots_are_filled_from_paraphrases(router: Router, text: str, intent: str, slots: dict[str, object]) -> None:
    found = understood(router, text)
    assert (found.intent, found.slots) == (f"home.{intent}", slots)


def test_values_come_with_their_words(router: Router) -> None:
    assert understood(router, "start me a timer for Twenty Minutes").texts == {"duration": "Twenty Minutes"}


@pytest.mark.parametrize(
    "text",
    [
        "is a timer for five minutes set", "don't you set a timer for five minutes", "i set a timer for five minutes",
        "did you cancel the timer", "what is the name of the river", "the kitchen", "the light", "twenty minutes",
        "my sister plays chess", "",
        "start a timer for five minutes and one for ten minutes", "a " * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_command_is_let_be(router: Router, text: str) -> None:
    assert router.paraphrase(text) is None


def test_choices_are_asked_for(router: Router) -> None:
    found = router.paraphrase("please turn on that light for me")
    assert isinstance(found, Ambiguous)
    assert found.question == "The kitchen or the living room light?"
    for answer, value in (("the kitchen", "k"), ("living room", "l"), ("the second one", "l"), ("kitchen light", "k")):
        read = found.expected.read(answer)
        assert read is not None
        match = found.settle(read[0])
        assert match is not None
        assert (match.intent, match.slots) == ("home.lamp_on", {"lamp": value})
    assert found.expected.read("the sofa") is None


def test_a_missing_value_is_asked_for(router: Router) -> None:
    found = router.paraphrase("please start a timer")
    assert isinstance(found, Ambiguous)
    assert found.question == "What duration?"
    match = found.settle(Duration(minutes=3))
    assert match is not None
    assert match.slots == {"duration": Duration(minutes=3)}


def test_it_is_deterministic(router: Router) -> None:
    texts = ["start me a timer for twenty minutes", "some music now", "turn it on", "stop counting the timer"]
    again = Router(Loaded(*FUNCTIONS))
    for text in texts:
        one, other = router.paraphrase(text), again.paraphrase(text)
        assert type(one) is type(other)
        if isinstance(one, Match):
            assert one == other


def test_templates_decide_first(router: Router) -> None:
    found = router.route("tell me a joke")
    assert found is not None
    assert found.template == "tell [me] a joke"


# --- its parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [
        ("set a timer", Manner.REQUEST, "en"), ("can you set a timer?", Manner.REQUEST, "en"),
        ("is the timer running", Manner.QUESTION, "en"), ("Isn't it?", Manner.QUESTION, "en"),
        ("have i set a timer", Manner.QUESTION, "en"), ("have an alarm go off", Manner.REQUEST, "en"),
        ("don't set a timer", Manner.REFUSAL, "en"), ("i set a timer", Manner.STATEMENT, "en"),
        ("i want a timer", Manner.REQUEST, "en"), ("", Manner.REQUEST, "en"),
        ("läuft der timer nicht", Manner.REFUSAL, "de"), ("wie spät ist es", Manner.QUESTION, "de"),
        ("combien de minuteurs", Manner.QUESTION, "fr"), ("no pongas la alarma", Manner.REFUSAL, "es"),
        ("сколько времени", Manner.QUESTION, "ru"), ("колко е часът", Manner.QUESTION, "bg"),
        ("is there any", Manner.QUESTION, "xx"),
    ],
)  # fmt: skip
def test_manners(text: str, form: Manner, language: str) -> None:
    assert manner(text, language) is form


def filled(text: str, *sources: str, **lists: list[str]) -> dict[str, object] | None:
    kinds = {**BUILT_IN, **{name: list_type(name, entries) for name, entries in lists.items()}}
    templates = [Template("t.t", source, parse_template(source, kinds)) for source in sources]
    found = Filler(templates).fill(text, Matcher(Grammar(tuple(templates))).spans(text))
    return None if found is None else {**found.slots, **({"missing": found.missing.name} if found.missing else {})}


def test_free_text_follows_the_words_that_come_before_it() -> None:
    assert filled("could you make a note saying buy milk", "note saying {text:what}") == {"what": "buy milk"}
    assert filled("remind me please to buy milk", "remind me to {text:what}") == {"missing": "what"}
    assert filled("do remind me to buy milk", "remind me to {text:what}") == {"what": "buy milk"}
    assert filled("remind me in ten minutes to buy milk", "remind me to {text:what} in {duration:when}") == {
        "missing": "what", "when": Duration(minutes=10),
    }  # fmt: skip


def test_free_text_ends_where_templates_go_on() -> None:
    assert filled("do start my egg timer now", "start [{text:name}] timer") == {"name": "my egg"}
    assert filled("start my car", "start [{text:name}] timer") == {}
    assert filled("now tell my wife that it rains", "tell {text:who} that {text:what}") == {
        "who": "my wife", "what": "it rains",
    }  # fmt: skip


def test_values_that_do_not_go_together_are_no_command() -> None:
    assert filled("five from nine", "take {int:a} from {int:b}") is None, "which is which?"
    assert filled("between monday and friday", "what day is {date:day}") is None, "two values for one slot"
    assert filled("put two eggs on for five minutes", "boil for {duration:time}") is None, "the two is nobody's"
    assert filled("a lamp", "turn [on] {lamp}", lamp=["lamp"]) == {"lamp": "lamp"}
    assert filled("louder by ten percent", "louder") is None
    assert filled("sometimes", "louder [by {int:steps}]") == {}


def test_what_templates_imply_cannot_be_guessed() -> None:
    implied = Slot("kind", SlotType("kind=tea", Tag(Seq(), "tea")))
    template = Template("t.t", "tea", Seq((parse_template("brew tea", {}), implied)))
    assert Filler([template]).fill("tea now", Matcher(Grammar((template,))).spans("tea now")) is None


def test_entries_by_their_words() -> None:
    entries = Entries(list_type("lamp", {**LAMPS, "[my] bed": "b"}))
    assert entries.meant(["the", "light"]) == {"kitchen light": "k", "living room light": "l"}
    assert entries.meant(["living", "light"]) == {"living room light": "l"}
    assert entries.meant(["the", "sofa"]) == {}


def test_questions_between_things() -> None:
    assert which(["kitchen light", "living room light"]) == "The kitchen or the living room light?"
    assert which(["tea", "my tea", "coffee"]) == "The tea, my tea or the coffee?"
    assert which(["Küche", "Bad"], "de") == "Küche oder Bad?"
    assert not differently({"lamp": 1, "light": 1})
    assert differently({"lamp": 1, "light": 2})


def test_a_strange_word_is_never_acted_upon_unasked(router: Router) -> None:
    assert isinstance(router.paraphrase("start me a timer for twenty minutes"), Match)
    found = router.paraphrase("start me a timber for twenty minutes")
    assert found is None or isinstance(found, Ambiguous)
    found = router.paraphrase("start me a zymurgy timer for twenty minutes")
    assert isinstance(found, Ambiguous)
    assert found.question == "Do you want me to start a countdown timer?"


def test_it_learns_anew_when_skills_change_not_when_their_lists_do() -> None:
    def grammar(*lamps: str, more: str = "") -> Grammar:
        kinds = {"lamp": list_type("lamp", lamps)}
        sources = ["turn on {lamp}", *([more] if more else [])]
        return Grammar(tuple(Template("t.on", source, parse_template(source, kinds)) for source in sources))

    first = learn(grammar("desk lamp"))
    assert learn(grammar("desk lamp", "bed lamp"), before=first) is first
    assert learn(grammar("desk lamp", more="light [the] {lamp}"), before=first) is not first
    assert learn(grammar("desk lamp")) is not first
