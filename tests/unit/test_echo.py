"""Echo cancellation: the echo goes, the user stays, and nothing is touched while nothing is played."""

import threading
from functools import cache

import numpy as np
import pytest

from assistant.audio.align import Reference, find_delay
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.echo import DELAY, EchoCanceller, Options
from assistant.audio.mixer import Mixer
from assistant.bench.echo import reduction_db
from assistant.bench.scene import ABOUT_OTHER_THINGS, Scene, active_rms, own_speech, synthetic_room
from assistant.commands.demo import Line, spoken

N = 320


@cache
def own(seconds=14.0):
    return own_speech(ABOUT_OTHER_THINGS, seconds).samples


def room(samples, delay=0.04, ratio_db=0.0, near=None, rt60=0.3, drive=0.0):
    return Scene("synthetic", synthetic_room(rt60), ratio_db, delay, drive).heard(samples, near)


def run(played, heard, canceller=None, reference_first=0):
    """All chunks through a canceller: output samples and the probability of near speech for each chunk."""
    canceller = canceller or EchoCanceller()
    out, near = [], []
    for at in range(0, len(heard) // N * N, N):
        canceller.reference(AudioChunk(played[at : at + N], RATE, at + reference_first))
        clean = canceller.process(AudioChunk(heard[at : at + N], RATE, at))
        assert (clean.start, clean.end, clean.rate, clean.samples.dtype) == (at, at + N, RATE, np.int16)
        out.append(clean.samples)
        near.append(canceller.near_end)
    return np.concatenate(out), np.array(near)


@pytest.mark.parametrize(("delay", "rt60"), [(0.0, 0.2), (0.1, 0.5), (0.3, 0.3)])
def test_speech_is_cancelled_by_25_db(delay, rt60):
    heard = room(own(), delay, rt60=rt60)
    cleaned, near = run(own(), heard)
    assert reduction_db(heard, cleaned, 5.0) > 25
    assert np.mean(near[250:] > 0.5) < 0.2


def test_a_tone_is_cancelled():
    tone = np.tile((8_000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.int16), 8)
    heard = room(tone)
    assert reduction_db(heard, run(tone, heard)[0], 3.0) > 20


def test_a_distorting_loudspeaker_leaves_little():
    heard = room(own(), drive=8_000.0)
    assert reduction_db(heard, run(own(), heard)[0], 5.0) > 12


def test_the_user_is_heard_over_the_echo():
    """Somebody as loud as the echo comes through with a better ratio, at the place where it was said."""
    near = np.zeros(len(own()))
    said = spoken(Line("en-gb", "m3", "turn on the kitchen lights please", 0.0)).astype(np.float64)
    at = 9 * RATE
    near[at : at + len(said)] = said * (1_500 / active_rms(said))
    heard = room(own(), near=near)
    cleaned, probability = run(own(), heard)
    over = slice(at, at + len(said))
    late = slice(at + DELAY, at + len(said) + DELAY)
    before = np.corrcoef(near[over], heard[over])[0, 1]
    after = np.corrcoef(near[over], cleaned[late])[0, 1]
    assert before < 0.8
    assert after > 0.95
    assert np.mean(probability[at // N : (at + len(said)) // N]) > 0.6
    # The median: it is sometimes sure of somebody for a moment while it still converges.
    assert np.median(probability[300 : at // N - 10]) < 0.2


def test_quiet_listening_is_bit_exact_and_begins_again_after_a_reply():
    played = own(4.0)
    played = np.concatenate([np.zeros(RATE, np.int16), played, np.zeros(6 * RATE, np.int16)])
    heard = room(played)
    canceller = EchoCanceller()
    cleaned, near = run(played, heard, canceller)
    assert np.array_equal(cleaned[:RATE], heard[:RATE])
    quiet = round((1 + 4 + 2.1) * RATE)
    assert np.array_equal(cleaned[quiet:], heard[quiet:])
    assert not np.array_equal(cleaned[2 * RATE : 3 * RATE], heard[2 * RATE : 3 * RATE])
    assert not canceller.active
    assert near[-1] == 1.0 == near[10]


def test_at_rest_the_very_chunk_is_passed_on():
    chunk = AudioChunk(np.ones(N, np.int16), RATE, 0)
    assert EchoCanceller().process(chunk) is chunk


def test_the_change_does_not_click():
    """A steady voice-like sound at the microphone has no step where the canceller begins and ends."""
    heard = (3_000 * np.sin(2 * np.pi * 300 * np.arange(6 * RATE) / RATE)).astype(np.int16)
    played = np.zeros_like(heard)
    played[RATE : RATE + RATE // 4] = np.random.default_rng(1).normal(0, 300, RATE // 4).astype(np.int16)
    cleaned = run(played, heard)[0].astype(np.int32)
    steepest = np.abs(np.diff(heard.astype(np.int32))).max()
    assert np.abs(np.diff(cleaned)).max() < 1.6 * steepest


def test_the_second_reply_is_cancelled_from_its_first_word():
    """The room was learnt during the first reply."""
    once = own(8.0)
    played = np.concatenate([once, np.zeros(4 * RATE, np.int16), once])
    heard = room(played)
    cleaned, _ = run(played, heard)
    again = 12 * RATE + RATE // 2
    second = slice(again, again + 2 * RATE)
    before, after = (np.mean(each[second].astype(np.float64) ** 2) for each in (heard, cleaned))
    assert 10 * np.log10(before / after) > 20


def test_a_jump_of_the_delay_is_learnt_anew():
    played = own(24.0)
    early, late = room(played, 0.02), room(played, 0.16)
    heard = np.concatenate([early[: 10 * RATE], late[10 * RATE :]])
    assert reduction_db(heard, run(played, heard)[0], 18.0) > 20


def test_a_long_delay_is_found():
    """0.6 s, as a wireless loudspeaker may have: twice the length of the response that is modelled here."""
    played = own(20.0)
    heard = room(played, 0.6)
    assert reduction_db(heard, run(played, heard, EchoCanceller(Options(response=0.3)))[0], 14.0) > 20


def test_the_two_streams_may_count_from_different_numbers():
    heard = room(own())
    assert reduction_db(heard, run(own(), heard, reference_first=123_457)[0], 5.0) > 20


def test_clocks_that_drift_apart():
    """100 parts per million, 1.6 samples a second."""
    played = own(16.0)
    heard = room(played)
    times = np.arange(len(heard)) * (1 - 100e-6)
    drifting = np.interp(times, np.arange(len(heard)), heard).astype(np.int16)
    assert reduction_db(drifting, run(played, drifting)[0], 8.0) > 12


def test_late_and_jittering_calls_do_not_matter():
    """The reference comes from another thread in bursts; the microphone is worked on late."""
    played, rng = own(), np.random.default_rng(5)
    heard = room(played, 0.08)
    canceller, sent, out = EchoCanceller(), 0, []
    for at in range(0, len(heard) // N * N, N):
        ahead = at + N + int(rng.integers(0, 3)) * N + (10 * N if 6 < at / RATE < 7 else 0)
        block = played[sent : max(sent, ahead)]
        feeder = threading.Thread(target=canceller.reference, args=(AudioChunk(block, RATE, sent),))
        feeder.start()
        feeder.join()
        sent += len(block)
        out.append(canceller.process(AudioChunk(heard[at : at + N], RATE, at)).samples)
    assert reduction_db(heard, np.concatenate(out), 5.0) > 20


def test_a_hole_in_the_microphone_s_stream():
    heard = room(own())
    canceller = EchoCanceller()
    run(own()[: 8 * RATE], heard[: 8 * RATE], canceller)
    out = []
    for at in range(8 * RATE, len(heard) // N * N, N):
        canceller.reference(AudioChunk(own()[at : at + N], RATE, at))
        if at >= 9 * RATE:
            out.append(canceller.process(AudioChunk(heard[at : at + N], RATE, at)).samples)
    assert reduction_db(heard[9 * RATE :], np.concatenate(out), 1.0) > 25


def test_it_takes_what_the_mixer_says_was_played():
    mixer, canceller = Mixer(24_000), EchoCanceller()
    mixer.on_pulled = canceller.reference
    voice = mixer.play("speech")
    voice.write(AudioChunk(own(4.0), RATE))
    voice.end()
    silence = np.zeros(N, np.int16)
    active = []
    for at in range(0, 8 * RATE, N):
        mixer.pull(480)
        canceller.process(AudioChunk(silence, RATE, at))
        active.append(canceller.active)
    assert active[40]
    assert not active[-1]


@pytest.mark.parametrize(("count", "rate"), [(100, RATE), (N, 24_000)])
def test_other_chunks_are_refused(count, rate):
    with pytest.raises(ValueError, match="multiples of 320 samples at 16000 Hz"):
        EchoCanceller().process(AudioChunk(np.zeros(count, np.int16), rate, 0))


@pytest.mark.parametrize("delay", [0, 777, 8_000])
def test_a_delay_is_found_by_correlation(delay):
    played = own(3.0)
    heard = np.concatenate([np.zeros(delay, np.int16), played])[: len(played)]
    found = find_delay(played, heard)
    assert found is not None
    assert abs(found - delay) <= 1


def test_unrelated_sounds_have_no_delay():
    rng = np.random.default_rng(3)
    assert find_delay(*(rng.normal(0, 1_000, 3 * RATE).astype(np.int16) for _ in range(2))) is None


def test_what_was_not_played_is_silence():
    reference = Reference()
    reference.put(AudioChunk(np.full(N, 50, np.int16), RATE, 0))
    reference.advance(N)
    np.testing.assert_array_equal(reference.at(-10, N + 10), [0] * 10 + [50] * N + [0] * 10)


def test_headphones_are_noticed_and_their_removal():
    played = own_speech(ABOUT_OTHER_THINGS, 14.0).samples
    heard = Scene("a room", synthetic_room(0.3), 0.0).heard(played)
    off = 6 * RATE
    heard[:off] = np.random.default_rng(0).normal(0, 6, off)
    canceller = EchoCanceller()
    near = {}
    for at in range(0, len(played) // 320 * 320, 320):
        canceller.reference(AudioChunk(played[at : at + 320], RATE, at))
        canceller.process(AudioChunk(heard[at : at + 320], RATE, at))
        near[at] = canceller.near_end, canceller.knows
    known = [at for at, (_, knows) in near.items() if knows and RATE < at < off]
    assert known[0] < 3 * RATE  # long before it would have learnt a room
    assert np.mean([near[at][0] for at in known]) < 0.05
    assert np.mean([near[at][0] for at in near if at > off + 3 * RATE]) < 0.05
