"""Where skills are, and how each is imported on its own."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from assistant.errors import AssistantError
from assistant.skill.binding import Problem, shown

GROUP = "assistant.skills"
"""Entry points of pip packages: the name is the skill's, the value its module."""
_PREFIX = "_assistant_skill_"


@dataclass(frozen=True, slots=True)
class Found:
    """A skill that may be loaded.

    Attributes:
        name: what it is called.
        path: its file or folder; for a package's, where the package's module is.
        module: the module of a package, else empty.
        isolated: it must run in a process of its own.
    """

    name: str
    path: Path
    module: str = ""
    isolated: bool = False

    @property
    def source(self) -> Path:
        """The file that is imported."""
        return self.path if self.path.suffix == ".py" else self.path / "__init__.py"

    @property
    def folder(self) -> Path | None:
        """Where its sentences, responses and manifest are; None for a single file."""
        return None if self.path.suffix == ".py" else self.path


class Skipped(Exception):
    """A skill cannot be loaded, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def find(folders: Iterable[Path], disabled: Collection[str] = ()) -> dict[str, Found]:
    """The skills in some folders; of two with one name the later one."""
    found: dict[str, Found] = {}
    for folder in folders:
        for path in _candidates(folder):
            if path.stem not in disabled:
                found[path.stem] = Found(path.stem, path)
    return found


def find_packages(disabled: Collection[str] = ()) -> dict[str, Found | Problem]:
    """The skills of installed packages; only those that are not disabled are looked at."""
    found: dict[str, Found | Problem] = {}
    for point in entry_points(group=GROUP):
        if point.name not in disabled:
            found[point.name] = _located(point.name, point.module)
    return found


def import_skill(found: Found, *, fresh: bool = False) -> ModuleType:
    """Import a skill; a file or folder under a private name that nothing else imports.

    Args:
        fresh: it was imported before and may have changed since.

    Raises:
        Skipped: it fails; what was imported of it before is left as it was.
    """
    private = found.module or _PREFIX + found.name
    before = _forget(private)
    if fresh:
        _forget_compiled(found)
    try:
        return importlib.import_module(private) if found.module else _execute(found, private)
    except (Exception, SystemExit) as error:
        _forget(private)
        sys.modules.update(before)
        text = f"{type(error).__name__}: {one_line(error)}"
        raise Skipped(Problem(found.name, _blame(error, found), text, skipped=True)) from error


def one_line(error: BaseException) -> str:
    """An error's text in one line."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    plain = " ".join(text.split())
    return plain if plain or isinstance(error, AssistantError) else type(error).__name__


def _candidates(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            yield path


def _located(name: str, module: str) -> Found | Problem:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError) as error:
        return Problem(name, f"entry point {name} = {module}", one_line(error), skipped=True)
    if spec is None or spec.origin is None:
        return Problem(name, f"entry point {name} = {module}", f"there is no module {module}", skipped=True)
    origin = Path(spec.origin)
    return Found(name, origin.parent if origin.name == "__init__.py" else origin, module)


def _execute(found: Found, private: str) -> ModuleType:
    search = None if found.folder is None else [str(found.folder)]
    spec = importlib.util.spec_from_file_location(private, found.source, submodule_search_locations=search)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[private] = module
    spec.loader.exec_module(module)
    return module


def _forget(private: str) -> dict[str, ModuleType]:
    names = [key for key in sys.modules if key == private or key.startswith(private + ".")]
    return {name: sys.modules.pop(name) for name in names}


def _forget_compiled(found: Found) -> None:
    """Remove compiled files: they go by whole seconds and the length, so a quick change would be overlooked."""
    sources = [found.source] if found.folder is None else found.folder.rglob("*.py")
    for source in sources:
        Path(importlib.util.cache_from_source(str(source))).unlink(missing_ok=True)
    importlib.invalidate_caches()


def _blame(error: BaseException, found: Found) -> str:
    """``file:line`` of the skill's own line that failed."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(Path(error.filename))}:{error.lineno or 1}"
    root = str(found.path)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(root)]
    return f"{shown(Path(frames[-1].filename))}:{frames[-1].lineno}" if frames else f"{shown(found.source)}:1"
