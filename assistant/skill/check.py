"""What a skill's author wants to know before a user does: examples and templates that do not fit together.

Loading reports what keeps a skill from working; this reports what would surprise. It takes a moment, so it is run
by ``assistant skill check`` and the tests, not at each start.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from textwrap import dedent

from assistant.intent.match import Match, Matcher
from assistant.intent.template import Alt, Grammar, Node, Seq, Slot, Tag, Template
from assistant.skill.binding import Handler, Problem, slots_in
from assistant.skill.check_responses import check_responses
from assistant.skill.loader import Skills

_BLOCKING = ("time.sleep", "subprocess.run", "subprocess.check_output", "requests.get", "requests.post", "urlopen")


def check(skills: Skills) -> list[Problem]:
    """Problems of the loaded skills, in their order.

    An example must reach its own function, and no other skill may match it equally well; every
    template must be hit by an example of its function and must be able to match something. An ``async``
    function must not block the loop that everything else runs on. What a skill says must be in all of its languages.
    Skills that need settings first are not looked at.
    """
    matcher = Matcher(skills.grammar)
    problems = list[Problem]()
    for handler in skills.handlers.values():
        if handler.skill in skills.needing:
            continue
        texts = [
            *_wrong_examples(handler, matcher, skills),
            *_wrong_templates(handler, skills),
            *_blocking_calls(handler),
        ]
        problems += [Problem(handler.skill, handler.place, text) for text in texts]
    for skill in skills.skills:
        problems += check_responses(skill)
    return problems


def _wrong_examples(handler: Handler, matcher: Matcher, skills: Skills) -> Iterator[str]:
    for example in handler.spec.examples:
        claimed = skills.grammar.examples[example]
        if claimed != handler.intent:
            yield f"example {example!r} is claimed by {claimed} as well"
            continue
        found = matcher.match(example)
        if not found:
            yield f"example {example!r} matches no template"
        elif found[0].intent != handler.intent:
            yield f"example {example!r} reaches {found[0].intent}, by its template {found[0].template!r}"
        elif (rival := _rival(found, handler)) is not None:
            yield f"example {example!r} is matched as well by {rival.intent}, by its template {rival.template!r}"


def _rival(found: list[Match], handler: Handler) -> Match | None:
    """Another skill's match that only the order of declaration keeps from winning."""
    others = (match for match in found[1:] if match.rank == found[0].rank)
    return next((match for match in others if not match.intent.startswith(handler.skill + ".")), None)


def _wrong_templates(handler: Handler, skills: Skills) -> Iterator[str]:
    own = [template for template in skills.grammar.templates if template.intent == handler.intent]
    numbered = Matcher(Grammar(tuple(Template(str(i), each.source, each.node) for i, each in enumerate(own))))
    hit = {int(match.intent) for example in handler.spec.examples for match in numbered.match(example)}
    for place, template in enumerate(own):
        if not possible(template.node):
            if not slots_in(template.node) & handler.dynamic:
                yield f"template {template.source!r} can match nothing"
        elif place not in hit:
            yield f"template {template.source!r} is hit by no example"


def _blocking_calls(handler: Handler) -> Iterator[str]:
    """Calls that are known to block, right in an ``async`` function."""
    function = inspect.unwrap(handler.function)
    if not inspect.iscoroutinefunction(function):
        return
    for node in ast.walk(ast.parse(dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in _BLOCKING:
            yield f"{name} blocks the whole assistant; await something instead, or write def without async"


def possible(node: Node) -> bool:
    """Whether any sentence can match a node."""
    match node:
        case Seq(items):
            return all(map(possible, items))
        case Alt(items):
            return any(map(possible, items))
        case Tag(inner, _):
            return possible(inner)
        case Slot(_, kind):
            return possible(kind.node)
    return True
