"""Everything that happens, as one stream: the log, the test oracle, the metrics, the web page.

``at`` is seconds of audio since the stream began; ``turn`` counts from 1, 0 is outside any turn.
Use ``match`` on the classes. Fields ending in ``_ms`` are measured durations and differ between runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    at: float
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(_Event):
    """The assistant listens. ``engines`` maps stage → engine name."""

    wake_words: tuple[str, ...]
    engines: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeDetected(_Event):
    """A wake word was heard."""

    word: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted(_Event):
    """The user began to speak; ``at`` is the detection, ``since`` the first voiced sample."""

    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded(_Event):
    """The user's utterance is over.

    ``until`` is the last voiced moment; ``reason`` is ``silence``, ``no_speech`` or ``too_long``.
    """

    until: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial(_Event):
    """What has been recognised so far."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed(_Event):
    """The final transcript; ``rejected`` is what a closed recogniser heard but refused."""

    text: str
    confidence: float
    rejected: str = ""
    asr_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentMatched(_Event):
    """A skill will answer."""

    intent: str
    slots: Mapping[str, Any]
    intent_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled(_Event):
    """A skill ran, for the user or for the language model."""

    name: str
    ok: bool
    skill_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDelta(_Event):
    """A piece of the reply's text, as it becomes known."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingStarted(_Event):
    """The first audible sample of the reply is being played."""

    text: str
    tts_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingFinished(_Event):
    """The reply ended; ``spoken`` is what was really heard."""

    spoken: str
    interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced(_Event):
    """Something was said or rung unasked, for example a timer."""

    text: str
    skill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown(_Event):
    """A skill shows something; ``image`` is a PNG or JPEG file's bytes in base64, or empty."""

    skill: str
    title: str
    text: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDropped(_Event):
    """The machine fell behind: this much sound was thrown away unheard."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged(_Event):
    """A sound device was ``lost``, came ``back``, or is ``dead`` (only zeros) or ``alive`` again."""

    device: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(_Event):
    """A stage failed; the turn ends with a short apology, the session goes on."""

    stage: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(_Event):
    """The session's state: idle, listening, thinking, speaking or follow_up."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded(_Event):
    """A turn is over; ``outcome`` is answered, missed, no_speech, not_for_me, cancelled or failed."""

    outcome: str
    stages_ms: Mapping[str, float] = field(default_factory=dict)


Event = (
    Ready
    | WakeDetected
    | SpeechStarted
    | SpeechEnded
    | Partial
    | Transcribed
    | IntentMatched
    | ToolCalled
    | ReplyDelta
    | SpeakingStarted
    | SpeakingFinished
    | Announced
    | CardShown
    | AudioDropped
    | DeviceChanged
    | Failed
    | StateChanged
    | TurnEnded
)


def to_json(event: Event) -> dict[str, Any]:
    """An event as one flat JSON object: ``type``, ``at`` (rounded to a millisecond), ``turn``, its fields."""
    fields = asdict(event)
    at, turn = round(fields.pop("at"), 3), fields.pop("turn")
    return {"type": type(event).__name__, "at": at, "turn": turn, **{k: _plain(v) for k, v in fields.items()}}


def _plain(value: Any) -> Any:
    match value:
        case float():
            return round(value, 3)
        case bool() | int() | str() | None:
            return value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
    return str(value)
