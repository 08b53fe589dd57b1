"""How soon a language model's answer is heard, with and without what makes it sooner, and how soon it stops.

A session with its real threads, real HTTP, the real voice detector and the real voice is asked the same spoken
questions in four ways. The silence that ends a question is the same in all, so that what speculation saves can be held
against it. Where there is no model of Whisper, the recogniser is a stand-in that takes a set time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.bench import llm_figures
from assistant.bench.latency import Progress, on_loop
from assistant.bench.llm_figures import Ask
from assistant.bench.llm_server import Served, TokenServer
from assistant.bench.llm_stand import Stand, Turn, Way
from assistant.bench.take import Take, speak
from assistant.choosing import build
from assistant.config import Loaded
from assistant.tts.sentences import SentenceStream

REPLY = "As far as I know, it comes from the light. People have wondered about it for long."
LONG = " ".join(f"This is sentence number {number}, and there are more of them." for number in range(1, 100))
QUESTIONS = (
    "why is the sky so blue",
    "how do birds find the south",
    "what makes a cat purr",
    "why are most leaves green",
)
"""Free speech, which no skill has to do with."""

OURS, SERIAL, WHOLE, NEITHER = "this assistant", "no speculation", "no streaming", "neither"
WAYS = (Way(OURS), Way(SERIAL, speculation=False), Way(WHOLE, streaming=False), Way(NEITHER, False, False))

_SURELY_S = 2.0

Step = Callable[[str, int], Progress]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured; seconds.

    Attributes:
        latencies: of the server's tokens.
        questions: for each of them, in each way.
        stops: how often a reply is interrupted.
        silence: that ends a question.
        recognition: that the stand-in takes for an utterance.
        ways: how it is answered; the first is ours.
        real_time: otherwise in a time that only audio takes, as if computing cost none.
    """

    latencies: Sequence[float] = (0.02, 0.05, 0.1)
    questions: int = 2
    stops: int = 10
    silence: float = 0.6
    recognition: float = 0.2
    ways: Sequence[Way] = WAYS
    real_time: bool = True


def measure(loaded: Loaded, plan: Plan, step: Step) -> dict[str, Any]:
    """Ask everything in every way, then interrupt; some minutes, in real time.

    Args:
        loaded: without earcons, which would count as answers.
    """
    voice = build(loaded, "tts", "espeak")
    takes = [speak(text, "", voice) for text in QUESTIONS]
    asks, stand_in = [], False
    with TokenServer(REPLY, lambda: 0.0) as server:
        for way in plan.ways:
            found, stand_in = _ask(loaded, plan, way, takes, server, step)
            asks += found
        stops = _interrupt(loaded, plan, takes, server, step) if plan.stops else []
    recogniser = f"a stand-in that takes {plan.recognition:g} s" if stand_in else "whisper"
    return {"recogniser": recogniser, **llm_figures.figures(asks, stops, plan.silence, loaded.config.endpoint.soft)}


def _ask(
    loaded: Loaded, plan: Plan, way: Way, takes: Sequence[Take], server: TokenServer, step: Step
) -> tuple[list[Ask], bool]:
    """Every question at every latency, and one before that does not count: with it, everything is there."""
    count = 1 + plan.questions * len(plan.latencies)
    said = [takes[number % len(takes)] for number in range(count)]
    stand = Stand(said, way, plan.recognition, server, hurry=plan.real_time)
    stand.progress = step(way.name, count)
    server.tokens, server.requests = server.cut(REPLY), []
    server.latency = lambda: plan.latencies[(len(stand.talker.said) - 1) % len(plan.latencies)]
    on_loop(lambda: stand.run(_configured(loaded, plan, way, server)), virtual=not plan.real_time)
    asks = [_ask_of(way, turn, server.requests) for turn in stand.turns if turn.number > 0]
    return [ask for ask in asks if ask is not None], stand.stand_in


def _ask_of(way: Way, turn: Turn, requests: Sequence[Served]) -> Ask | None:
    """A turn with its request; None where nothing was asked or heard."""
    if turn.token is None or turn.audio is None:
        return None
    asked = [each for each in requests if turn.begun <= each.arrived < turn.audio]
    if not asked:
        return None
    last = asked[-1]
    clause = last.sent[clause_tokens(REPLY) - 1]
    moments = {
        "endpoint": turn.decided, "request": last.arrived, "first token": turn.token, "first clause": clause,
        "first audio": turn.audio, "last token": last.sent[-1],
    }  # fmt: skip
    since = {name: at - turn.end for name, at in moments.items()}
    return Ask(way.name, last.latency, turn.number, since, thrown_away=len(asked) - 1)


def _interrupt(
    loaded: Loaded, plan: Plan, takes: Sequence[Take], server: TokenServer, step: Step
) -> list[float | None]:
    """Seconds from the assistant's falling silent until the server has stopped; None where it went on."""
    count = plan.stops + 1
    said = [takes[number % len(takes)] for number in range(count)]
    stand = Stand(said, WAYS[0], plan.recognition, server, interrupt=True)
    stand.progress = step("interruptions", count)
    server.tokens, server.requests = server.cut(LONG), []
    server.latency = lambda: plan.latencies[-1]
    on_loop(lambda: stand.run(_configured(loaded, plan, WAYS[0], server)), virtual=not plan.real_time)
    found = []
    for cut in stand.cuts[: plan.stops]:
        interrupted = [each for each in server.requests if each.arrived < cut][-1]
        interrupted.over.wait(_SURELY_S)
        found.append(interrupted.gone - cut if interrupted.gone is not None else None)
    return found


def clause_tokens(reply: str) -> int:
    """How many tokens of a reply make its first clause, which can be spoken by itself."""
    first = SentenceStream().feed(f"{reply} And")[0]
    return len(TokenServer.cut(first))


def _configured(loaded: Loaded, plan: Plan, way: Way, server: TokenServer) -> Loaded:
    """The configuration with the server, one silence for all ways, and nothing said but the reply.

    Nothing of what it says gets into the talker's ears, so that there is no echo to cancel.
    """
    config = loaded.config
    soft = config.endpoint.soft if way.speculation else plan.silence
    llm = {"engine": "openai", "openai": {"base_url": server.url, "model": "bench"}, "fallback": (),
           "filler": 0.0, "patience": 60.0, "tokens": 4000}  # fmt: skip
    echo = config.audio.echo.model_copy(update={"cancel": False})
    changed = {
        "audio": config.audio.model_copy(update={"echo": echo}),
        "endpoint": config.endpoint.model_copy(update={"silence": plan.silence, "soft": soft}),
        "llm": config.llm.model_copy(update=llm),
        "session": config.session.model_copy(update={"barge_in": "speech", "follow_up": 0.0}),
        "tts": config.tts.model_copy(update={"cache": config.tts.cache.model_copy(update={"megabytes": 0})}),
    }
    return replace(loaded, config=config.model_copy(update=changed))
