"""The table of states."""

import pytest

from assistant.session.state import TABLE, State, Trigger, follow


def test_the_normal_turn():
    state = State.IDLE
    path = [Trigger.WAKE, Trigger.ENDPOINT, Trigger.FIRST_AUDIO, Trigger.ASKED, Trigger.TIMEOUT]
    seen = [state := follow(state, trigger) for trigger in path]
    assert seen == [State.LISTENING, State.THINKING, State.SPEAKING, State.FOLLOW_UP, State.IDLE]


def test_barge_in_listens_at_once():
    assert follow(State.SPEAKING, Trigger.BARGE_IN) is State.LISTENING
    assert follow(State.THINKING, Trigger.BARGE_IN) is State.LISTENING


@pytest.mark.parametrize("state", [state for state in State if state is not State.IDLE])
def test_every_state_recovers_from_a_failure(state):
    assert follow(state, Trigger.FAILED) is State.IDLE


def test_every_state_can_be_reached_and_left():
    assert set(TABLE.values()) == set(State)
    assert {old for old, _ in TABLE} == set(State)


def test_a_move_that_is_not_in_the_table_is_a_bug():
    with pytest.raises(ValueError, match="nothing leads from idle by endpoint"):
        follow(State.IDLE, Trigger.ENDPOINT)
