"""What the sections of the configuration are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from assistant.registry import specs
from assistant.suggest import nearest

Share = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value), Field(strict=False)
]
Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)?$")]
Codes = Annotated[
    tuple[Code, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value), Field(strict=False)
]
Folders = Annotated[tuple[Path, ...], Field(strict=False)]
Device = str | Annotated[int, Field(ge=0)] | None


def engine_names(kind: str) -> list[str]:
    """Names of every engine of a kind, installed or not."""
    return [spec.name for spec in specs(kind)]


class Section(BaseModel):
    """A mapping in which only the keys below may appear."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EngineSection(Section):
    """A stage with a choice of engines; a key named like an engine holds that engine's own options."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    kind: ClassVar[str]
    special: ClassVar[tuple[str, ...]] = ()
    __pydantic_extra__: dict[str, dict[str, Any] | None] = Field(init=False)

    engine: str

    def options(self, name: str) -> dict[str, Any]:
        """What the file says about one engine, unchecked."""
        return dict((self.model_extra or {}).get(name) or {})

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        known = [*cls.special, *engine_names(cls.kind)]
        if value not in known:
            raise ValueError(f"there is no engine {value!r}{nearest(value, known)}")
        return value

    @model_validator(mode="after")
    def _only_engines(self) -> Self:
        for name in self.model_extra or {}:
            if name not in engine_names(self.kind):
                raise ValueError(f"{name!r} is neither a setting nor an engine of {self.kind}")
        return self
