"""Every error the assistant raises on purpose.

::

    AssistantError                 one readable line; the command line prints it and exits
    ├── ConfigError                a key or value in the configuration            (exit 2)
    ├── InputError                 a file or text that cannot be used             (exit 2)
    ├── MissingDependency          a Python or system package, with its install line (exit 3)
    ├── MissingModel               a model file, with the command that fetches it (exit 3)
    ├── DownloadError              a model could not be fetched                   (exit 3)
    ├── DeviceError                a sound device                                 (exit 4)
    ├── EngineError                an engine failed while it worked               (exit 5)
    ├── StorageError               a file in which something is kept cannot be used
    └── SkillError                 raised by a skill; its text is spoken
        ├── NetworkError           what a skill needs from the network cannot be had
        ├── Cancelled              the user does not want to answer a skill's question
        └── NoAnswer               the user did not answer it
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of the tree; ``str(error)`` is one line that says what to do next."""

    exit_code = 1


class ConfigError(AssistantError):
    """A configuration key or value is wrong; the message names its dotted path."""

    exit_code = 2


class InputError(AssistantError):
    """A file or text given by the user cannot be used."""

    exit_code = 2


class MissingDependency(AssistantError):
    """A package is not installed; the message holds the exact command that installs it."""

    exit_code = 3

    def __init__(self, what: str, install: str) -> None:
        super().__init__(f"{what} is not installed. Install it with: {install}")
        self.install = install


class MissingModel(AssistantError):
    """A model is not on this machine; the message holds the command that fetches it."""

    exit_code = 3

    def __init__(self, what: str, fetch: str) -> None:
        super().__init__(f"The model {what} is not on this machine. Fetch it with: {fetch}")
        self.what = what
        self.fetch = fetch


class DownloadError(AssistantError):
    """A model could not be fetched; the message says how to go on."""

    exit_code = 3


class DeviceError(AssistantError):
    """A sound device cannot be opened, or was lost."""

    exit_code = 4


class EngineError(AssistantError):
    """An engine failed while it worked.

    Args:
        stage: ``wake``, ``vad``, ``asr``, ``intent``, ``llm``, ``tts`` or ``skill``.
        engine: the engine's name in the configuration.
        code: short and stable, for logs and tests (``crashed``, ``timeout``, ``bad_input`` …).
        message: one readable line.
    """

    exit_code = 5

    def __init__(self, stage: str, engine: str, code: str, message: str) -> None:
        super().__init__(f"{engine} ({stage}): {message}")
        self.stage = stage
        self.engine = engine
        self.code = code
        self.message = message


class StorageError(AssistantError):
    """A file in which the assistant keeps something cannot be read or written; the message says what to do."""


class SkillError(AssistantError):
    """Raise it in a skill to say something went wrong; the text is spoken to the user."""


class NetworkError(SkillError):
    """What a skill needs from the network cannot be had; the text is one honest sentence in the user's language."""


class Cancelled(SkillError):
    """Instead of answering a skill's question the user said "never mind"."""

    def __init__(self, text: str = "OK.") -> None:
        super().__init__(text)


class NoAnswer(SkillError):
    """The user said nothing to a skill's question, or nothing that answers it; the text is empty for silence."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
