"""The session's states as a pure table."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """What the assistant is doing."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    FOLLOW_UP = "follow_up"


class Trigger(Enum):
    """What moves it on."""

    WAKE = "wake"
    SPEECH = "speech"
    ENDPOINT = "endpoint"
    FIRST_AUDIO = "first_audio"
    DONE = "done"
    ASKED = "asked"
    NO_ANSWER = "no_answer"
    TIMEOUT = "timeout"
    BARGE_IN = "barge_in"
    FAILED = "failed"


_S, _T = State, Trigger

TABLE: dict[tuple[State, Trigger], State] = {
    (_S.IDLE, _T.WAKE): _S.LISTENING,
    (_S.IDLE, _T.SPEECH): _S.LISTENING,
    (_S.FOLLOW_UP, _T.WAKE): _S.LISTENING,
    (_S.FOLLOW_UP, _T.SPEECH): _S.LISTENING,
    (_S.FOLLOW_UP, _T.TIMEOUT): _S.IDLE,
    (_S.FOLLOW_UP, _T.NO_ANSWER): _S.THINKING,
    (_S.FOLLOW_UP, _T.FAILED): _S.IDLE,
    (_S.LISTENING, _T.ENDPOINT): _S.THINKING,
    (_S.LISTENING, _T.TIMEOUT): _S.IDLE,
    (_S.LISTENING, _T.FAILED): _S.IDLE,
    (_S.THINKING, _T.FIRST_AUDIO): _S.SPEAKING,
    (_S.THINKING, _T.DONE): _S.IDLE,
    (_S.THINKING, _T.ASKED): _S.FOLLOW_UP,
    (_S.THINKING, _T.BARGE_IN): _S.LISTENING,
    (_S.THINKING, _T.NO_ANSWER): _S.THINKING,
    (_S.THINKING, _T.FAILED): _S.IDLE,
    (_S.SPEAKING, _T.DONE): _S.IDLE,
    (_S.SPEAKING, _T.ASKED): _S.FOLLOW_UP,
    (_S.SPEAKING, _T.BARGE_IN): _S.LISTENING,
    (_S.SPEAKING, _T.FAILED): _S.IDLE,
}


def follow(state: State, trigger: Trigger) -> State:
    """The next state.

    Raises:
        ValueError: the table has no such move; it is a bug in the session.
    """
    try:
        return TABLE[state, trigger]
    except KeyError:
        raise ValueError(f"nothing leads from {state.value} by {trigger.value}") from None
