"""Imports point down only (DESIGN.md, "Layout"); proved on the syntax trees, function-level imports included."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("wake", "vad", "asr", "llm", "tts", "turnend")

# The first row that fits a module says its layer; "x.*" is everything in a package.
LAYERS = (
    ("errors", 0), ("events", 0), ("suggest", 0), ("paths", 0), ("atomic", 0), ("audio.chunk", 0),
    ("config_source", 1), ("config_explain", 1),
    ("intent.router", 3), ("intent.*", 1), ("vad.endpoint", 1), ("audio.*", 1), ("models", 1), ("fetch", 1),
    *((name, 1) for name in ("catalogue.*", "model_import", "model_kinds", "staging", "unpacking", "yaml_edit")),
    *((f"skill.{name}", 1) for name in (
        "api", "dialogue", "schedule", "binding", "files", "sentences", "responses", "wording", "tongue", "recurrence",
        "around", "marking", "scheduling", "services", "fetching", "secrets", "store", "phrases",
    )),
    ("skill.*", 2),
    *((f"{kind}.base", 1) for kind in KINDS),
    *((f"{kind}.*", 2) for kind in KINDS),
    ("memory.*", 1),
    ("session.*", 3), ("runtime.*", 3), ("tools.*", 3),
    ("*", 4),
)  # fmt: skip

# What an engine may know of the assistant besides its own folder: no devices, no skills, no configuration, no asyncio.
ENGINE_MAY_USE = (
    "errors", "suggest", "paths", "atomic", "models", "events", "audio.chunk", "audio.resample", "intent.", "vad.base",
    "skill.secrets", "catalogue", "model_kinds",
)  # fmt: skip
ENGINE_MUST_NOT = ("asyncio", "pyaudio", "yaml", "typer", "rich")


def module_name(file: Path) -> str:
    """``asr.base`` for assistant/asr/base.py, nothing for the package itself."""
    parts = file.relative_to(ROOT / "assistant").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted((ROOT / "assistant").rglob("*.py"))}
SKILLS = sorted((ROOT / "skills").rglob("*.py"))


def layer(module: str) -> int:
    if module == "":
        return 1  # what a skill author imports
    for pattern, level in LAYERS:
        prefix = pattern.removesuffix("*")
        if module == pattern or (pattern.endswith("*") and (module + ".").startswith(prefix)):
            return level
    raise AssertionError(module)


def imports(source: str, package: str = "") -> Iterator[str]:
    """Absolute names of all modules (or names in them) that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(part for part in (above, node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def own(source: str, package: str = "assistant") -> set[str]:
    """The modules of ``assistant`` that a source of a package imports, without the ``assistant.`` in front."""
    found = set()
    for name in imports(source, package):
        if name.split(".")[0] == "assistant":
            inner = name.removeprefix("assistant").lstrip(".")
            if inner in assistant.__all__:  # "skill" is a package, too, but this is the decorator
                inner = ""
            found.add(inner if inner in MODULES else inner.rpartition(".")[0])
    return found


def package_of(module: str) -> str:
    """What its relative imports start from."""
    return f"assistant.{module}".rpartition(".")[0]


def is_engine(module: str) -> bool:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return any(isinstance(node, ast.ClassDef) and node.name == "Engine" for node in tree.body)


def upward(module: str, source: str) -> list[str]:
    found = sorted(own(source, package_of(module)))
    return [f"{module} (L{layer(module)}) imports {used} (L{layer(used)})" for used in found if
            layer(used) > layer(module)]  # fmt: skip


def sideways(module: str, source: str) -> list[str]:
    """Imports between parts of layer 2: another folder's, or another engine."""
    if layer(module) != 2:
        return []
    used = [
        each for each in own(source, package_of(module)) if layer(each) == 2 and each not in KINDS and each != module
    ]
    folder = module.partition(".")[0]
    return [f"{module} imports {each}" for each in used if each.partition(".")[0] != folder or is_engine(each)]


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module):
    source = MODULES[module].read_text(encoding="utf-8")
    if module:
        assert upward(module, source) == []
    assert sideways(module, source) == []


@pytest.mark.parametrize("module", [name for name in MODULES if name.partition(".")[0] in KINDS])
def test_an_engine_knows_only_what_it_needs(module):
    source = MODULES[module].read_text(encoding="utf-8")
    folder = module.partition(".")[0]
    strange = {used for used in own(source, package_of(module)) if used and used.partition(".")[0] != folder
               and not used.startswith(ENGINE_MAY_USE)}  # fmt: skip
    strange |= {name for name in imports(source) if name.partition(".")[0] in ENGINE_MUST_NOT}
    assert strange == set()


@pytest.mark.parametrize("file", SKILLS, ids=lambda file: file.stem)
def test_a_skill_imports_only_from_the_assistant_and_libraries(file):
    source = file.read_text(encoding="utf-8")
    assert [used for used in own(source, "skills") if layer(used) > 1] == []
    others = {each.stem for each in SKILLS if each.parent == ROOT / "skills"} | {"skills"}
    roots = {name.partition(".")[0] for name in imports(source)} - set(sys.stdlib_module_names)
    assert roots & others == set(), "skills never import each other"
    assert not any(isinstance(node, ast.ImportFrom) and node.level > (file.parent != ROOT / "skills")
                   for node in ast.walk(ast.parse(source)))  # fmt: skip


def test_what_a_skill_author_imports():
    assert all(getattr(assistant, name).__module__.startswith("assistant.") for name in assistant.__all__)


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("asr.base", "from assistant.session.turn import Turn", ["asr.base (L1) imports session.turn (L3)"]),
        ("session.turn", "def f():\n    from assistant import app", ["session.turn (L3) imports app (L4)"]),
        ("errors", "import assistant.audio.ring", ["errors (L0) imports audio.ring (L1)"]),
        ("session.turn", "from assistant.vad import endpoint", []),
    ],
)
def test_the_test_sees_an_import_that_points_up(module, source, wrong):
    assert upward(module, source) == wrong


def test_the_test_sees_engines_that_import_each_other():
    assert sideways("vad.silero", "from assistant.wake.openwakeword import Engine") == [
        "vad.silero imports wake.openwakeword"
    ]
    assert sideways("tts.sentences", "from assistant.tts import espeak") == ["tts.sentences imports tts.espeak"]
    assert sideways("tts.espeak", "from assistant.tts import espeak_library") == []
