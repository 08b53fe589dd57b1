"""``assistant skill new``: a skill that runs at once, to be changed into another one."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from string import Template

from assistant.errors import InputError
from assistant.intent.lang import CODES
from assistant.skill.manifest import NAME
from assistant.skill.sentences import read_sentences
from assistant.suggest import nearest

_PARTS = Path(__file__).parent / "new_skill"
_LONGEST = 40


def check_name(name: str, taken: Collection[str] = ()) -> None:
    """Whether a new skill may have a name.

    Raises:
        InputError: it may not.
    """
    if not re.fullmatch(NAME, name) or len(name) > _LONGEST:
        raise InputError(
            f"{name!r} cannot be a skill's name: it begins with a letter and has only a to z, 0 to 9 and _, as in "
            "tea_timer."
        )
    if name in taken:
        raise InputError(f"There is a skill {name} already; choose another name.")


def check_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Languages as codes, each once.

    Raises:
        InputError: one is not known.
    """
    codes = tuple(dict.fromkeys(code.strip().lower() for code in languages if code.strip()))
    strange = next((code for code in codes if code not in CODES), None)
    if strange is not None or not codes:
        raise InputError(f"--languages: there is no language {strange or ''!r}{nearest(strange or '', CODES)}")
    return codes


def make_skill(name: str, folder: Path, languages: Sequence[str]) -> Path:
    """Make a skill's folder.

    Args:
        name: of the skill; its folder is called so.
        folder: where it is made; made itself if need be.
        languages: ISO 639-1 codes; the first is that of its test. English words are there in any case, because what is
            missing in another language is said in English.

    Returns:
        The new folder.

    Raises:
        InputError: it is there already, or cannot be written.
    """
    place = folder / name
    if place.exists() or (folder / f"{name}.py").exists():
        raise InputError(f"{place} is there already; choose another name, or remove it first.")
    spoken = name.replace("_", " ")
    values = {"name": name, "spoken": spoken, "title": spoken[:1].upper() + spoken[1:], "place": str(place)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as work:
            made = Path(work) / name
            _fill(made, values, languages)
            shutil.move(made, place)
    except OSError as error:
        raise InputError(f"Cannot write {error.filename or place}: {error.strerror or error}.") from None
    return place


def _fill(made: Path, values: dict[str, str], languages: Sequence[str]) -> None:
    for code in dict.fromkeys(["en", *languages]):
        for part in ("sentences", "responses"):
            if part == "responses" or code in languages:
                _write(_PARTS / part / f"{code}.yaml", made / part / f"{code}.yaml", values)
    sentences = read_sentences(made, languages[0])
    assert sentences is not None
    examples = {name: intent.examples for name, intent in sentences.intents.items()}
    first, more = examples["count"]
    values = {**values, "language": languages[0], "first": first, "more": more, "ask": examples["read_out"][0]}
    _write(_PARTS / "tests" / "test_skill.py.tmpl", made / "tests" / f"test_{values['name']}.py", values)
    for source in sorted(_PARTS.glob("*.tmpl")):
        _write(source, made / source.stem, values)


def _write(source: Path, target: Path, values: dict[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
