"""Bring a skill onto this machine: from a folder, an archive or a pip package to a release that can be put to use.

Everything is put together in a folder beside the installed skills and takes its place in one step
(:meth:`assistant.skill.installed.Installed.put`); until then a failure leaves nothing behind.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from assistant import __version__
from assistant.errors import InputError
from assistant.skill import pip
from assistant.skill.importing import GROUP, Found
from assistant.skill.installed import Installed, Record, this_python
from assistant.skill.manifest import NAME, Manifest, Permissions, read_manifest
from assistant.skill.unpacking import ARCHIVES, copy_folder, is_archive, unpack

Progress = Callable[[str], None]


@dataclass(slots=True)
class Incoming:
    """A skill that is about to be installed.

    Attributes:
        manifest: what it says of itself.
        source: where it came from.
        release: the folder with ``code`` or ``env``, which :func:`accept` moves.
        path: the skill's file or folder in it, relative.
        module: of a package, else empty.
    """

    manifest: Manifest
    source: str
    release: Path
    path: str = "code"
    module: str = ""

    @property
    def found(self) -> Found:
        """For the loader, where it is now."""
        return Found(self.manifest.name, self.release / self.path, self.module, isolated=True)

    @property
    def libraries(self) -> Path | None:
        """Its own Python packages, where they are now."""
        return env if (env := self.release / "env").is_dir() else None

    def require(self, progress: Progress, *, build: bool = False) -> None:
        """Install what it requires.

        Raises:
            DownloadError, MissingDependency: that is not possible.
        """
        if self.manifest.requirements:
            pip.install(self.manifest.requirements, self.release / "env", progress, build=build)


@contextmanager
def incoming(source: str, home: Installed, progress: Progress, *, build: bool = False) -> Iterator[Incoming]:
    """Fetch a skill; what was not accepted by the end is removed.

    Args:
        source: a folder, an archive, a wheel, or a package's name, with a version if need be (``tea-skill>=1.2``).
        build: let packages be built from their sources, which runs their code.

    Raises:
        InputError: there is no skill in it.
        ConfigError: its manifest is wrong.
        DownloadError, MissingDependency: a package cannot be had.
    """
    skills = home.folder(".").resolve()
    try:
        skills.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".incoming-", dir=skills))
    except OSError as error:
        raise InputError(f"Cannot write {error.filename or skills}: {error.strerror or error}.") from None
    try:
        found = _fetched(source, work, progress, build=build)
        if not found.manifest.works_with(__version__):
            manifest = found.manifest
            raise InputError(
                f"{manifest.name} {manifest.version} needs assistant {manifest.assistant}, and this is {__version__}."
            )
        yield found
    finally:
        shutil.rmtree(work, ignore_errors=True)


def accept(new: Incoming, home: Installed, granted: Permissions) -> Record:
    """Put an incoming skill to use, in the place of an older release if there is one.

    Raises:
        InputError: it cannot be written; nothing has changed.
    """
    manifest = new.manifest
    record = Record(
        name=manifest.name,
        version=manifest.version,
        source=new.source,
        release=secrets.token_hex(4),
        path=new.path,
        module=new.module,
        python=this_python() if new.libraries else "",
        asked=manifest.permissions,
        granted=granted,
    )
    target = home.release(record)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.release.rename(target)
        home.put(record)
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(f"Cannot write {target}: {error.strerror or error}.") from None
        raise
    return record


def _fetched(source: str, work: Path, progress: Progress, *, build: bool) -> Incoming:
    path = Path(source).expanduser()
    if path.exists():
        return _from_path(path.resolve(), work, progress, build=build)
    try:
        wanted = Requirement(source)
    except InvalidRequirement:
        wanted = None
    if wanted is None or wanted.url or source.startswith(".") or source.lower().endswith((*ARCHIVES, ".whl", ".py")):
        raise InputError(f"There is no file, folder or package {source!r}.")
    return _package(source, wanted.name, source, work, progress, build=build)


def _from_path(path: Path, work: Path, progress: Progress, *, build: bool) -> Incoming:
    if path.is_dir():
        if _roots(path) or not any((path / name).is_file() for name in ("pyproject.toml", "setup.py")):
            return _folder(path, str(path), work)
        if not build:
            raise InputError(
                f"{path} is the source of a pip package. To build it runs its code unconfined: add --build if you "
                "trust it, or give a wheel."
            )
        return _package(str(path), "", str(path), work, progress, build=True)
    if path.suffix == ".whl":
        return _package(str(path), "", str(path), work, progress, build=build)
    if not is_archive(path):
        raise InputError(_unusable(path))
    progress(f"Unpacking {path.name}")
    unpack(path, work / "unpacked")
    return _folder(work / "unpacked", str(path), work)


def _unusable(path: Path) -> str:
    if path.suffix == ".py":
        return f"{path} is a single file, without a manifest. Is it yours? Then put it into your skill folder "\
               "(assistant skill list shows where). Else it must be a folder with a skill.yaml."  # fmt: skip
    return f"{path} is no skill: give a folder, a wheel, or an archive ({', '.join(ARCHIVES)})."


def _roots(folder: Path) -> list[Path]:
    """Where skills are in a folder: it, or a folder in it."""
    if (folder / "skill.yaml").is_file():
        return [folder]
    return sorted(path.parent for path in folder.glob("*/skill.yaml"))


def _folder(folder: Path, source: str, work: Path) -> Incoming:
    roots = _roots(folder)
    if len(roots) != 1:
        what = f"holds several skills: {', '.join(root.name for root in roots)}; install them one by one"
        raise InputError(f"{source} {what if roots else 'has no skill.yaml, which a skill needs to be installed'}.")
    manifest = read_manifest(roots[0])
    assert manifest is not None
    if not (roots[0] / "__init__.py").is_file():
        raise InputError(f"{source} has no __init__.py, in which a skill's code begins.")
    copy_folder(roots[0], work / "code")
    shutil.rmtree(work / "unpacked", ignore_errors=True)
    return Incoming(manifest, source, work)


def _package(wanted: str, name: str, source: str, work: Path, progress: Progress, *, build: bool) -> Incoming:
    """Args: name: of the package, empty if it is not known before."""
    env = work / "env"
    pip.install([wanted], env, progress, build=build)
    skills = [(each, point) for each in _distributions(env, name) for point in each.entry_points.select(group=GROUP)]
    if len(skills) != 1:
        what = "holds several skills" if skills else f"is no skill: it has no entry point in the group {GROUP!r}"
        raise InputError(f"The package {source} {what}.")
    distribution, point = skills[0]
    place = Path(*point.module.split("."))
    path = place if (env / place / "__init__.py").is_file() else place.with_suffix(".py")
    if not (env / path).is_file() and path == place.with_suffix(".py"):
        raise InputError(f"The package {source} has no module {point.module}, which its entry point names.")
    if not re.match(NAME, point.name):
        raise InputError(f"The package {source} calls its skill {point.name!r}; a name has only a to z, 0 to 9 and _.")
    manifest = read_manifest(env / path) or Manifest(name=point.name, version=distribution.version)
    if manifest.name != point.name:
        raise InputError(f"The package {source} calls its skill {point.name}, but its skill.yaml {manifest.name}.")
    return Incoming(manifest, source, work, f"env/{path.as_posix()}", point.module)


def _distributions(env: Path, name: str) -> Sequence[Distribution]:
    """Those that were installed; the wanted one alone if its name is known."""
    found = list(distributions(path=[str(env)]))
    wanted = [each for each in found if canonicalize_name(each.metadata["Name"]) == canonicalize_name(name)]
    return wanted or found
