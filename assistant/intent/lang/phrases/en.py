"""English phrases of conversation."""

from __future__ import annotations

from assistant.intent.lang.phrases import Phrases

PHRASES = Phrases(
    rules={
        # before a command: "please", "can you", "i want you to"
        "please": "[(please [just]|[please] (can|could|would|will) you [(please|just)]|[please] go ahead and|let's|just"
        "|i (want|need|would like) [you] to [please]|i'd like [you] to|[please] help me)]",
        # after a command or a question: "please", "now", "for me"
        "thanks": "[([right] now [please]|[for me] please|for me|thanks|thank you)]",
        # before a noun that answers: "what's", "tell me", "can you tell me"
        "whats": "(what's|whats|what is|what are|[please] (tell|give|show) me"
        "|(can|could|would) you [please] (tell|give) me|do you know|i (want|need|would like) to know"
        "|i'd like to know|[please] let me know)",
        # before a clause that answers: "tell me [what time it is]"
        "tell": "([please] tell me|(can|could|would) you [please] tell me|do you know|i (want|need|would like) to know"
        "|i'd like to know|[please] let me know|(would|could) you let me know)",
    },
    yes=(
        "yes", "yeah", "yep", "yup", "sure", "of course", "okay", "ok", "right", "that's right", "correct",
        "definitely", "absolutely", "i am", "i do", "[(yes|yeah)] (do (it|that|so)|please do|go ahead)",
        "yes i (am|do)", "i'm sure",
    ),
    no=(
        "no", "nope", "nah", "no way", "[no] (don't|do not) [do (it|that)]", "[no] (rather|better) not", "not really",
        "no i (am not|don't|do not)", "i'm not",
    ),
    dismissals=(
        "[(no|oh|well|actually|sorry|please)] (never mind|nevermind|forget [about] it|cancel [(it|that)]"
        "|stop [(it|that)]|leave it|drop it|nothing|that's all|that is all|that's it|no thanks|no thank you|not now)"
        " [(please|thanks|thank you)]",
    ),
    answer_rules={
        "no": "(no|no no|nope|wait|oh|oops|sorry|actually)",
        "meant": "(i (meant|mean|said)|make (it|that)|change (it|that) to|set (it|that) to)",
        "well": "(um|well|oh|okay|yes|yeah|maybe|i think|let's say)",
        "like": "(i want|i'd like|i would like|it's|it is|that's|let's (make it|do|take)|take)",
        "at": "[(for|at|to|in|on|by|about)] [the]",
        "tail": "(please|thanks|thank you|then|instead)",
    },
    corrections=(
        "<no> [<meant>] <at> {value} [<tail>]", "<meant> <at> {value} [<tail>]",
        "[<meant>] <at> {value} instead [please]",
    ),
    places=(
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ),
    last=("last",),
    place="[the] {word}",
    number="[the] number {word}",
    count=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    one="one",
    idle=frozenset((
        "a", "an", "the", "one", "please", "for", "it", "is", "it's", "i", "i'd", "like", "want", "my", "that",
        "thanks",
    )),
    before=(
        "hey", "hi", "hello", "ok", "okay", "please", "so", "well", "now", "and", "then", "alright", "right", "yes",
        "just", "excuse me", "can you", "could you", "would you", "will you", "can you please", "could you please",
        "would you mind", "i want you to", "i'd like you to", "i would like you to", "i need you to",
        "go ahead and", "be so kind and",
    ),
    after=(
        "please", "thanks", "thank you", "thank you very much", "thanks a lot", "now", "right now", "then", "for me",
        "will you", "would you", "okay", "ok", "if you can", "if you don't mind", "as well", "too",
    ),
    polite=("please", "thanks", "thank you"),
    hesitations=("um", "uh", "er", "erm", "uhm", "hmm", "mm", "ah", "eh"),
)  # fmt: skip
