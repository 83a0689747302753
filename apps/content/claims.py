"""What does a lesson state that a run must confirm? One figure of one lab, compared with one value."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.content.front import Slug

Operator = Literal["<", "<=", ">", ">=", "within"]


class ClaimOptions(BaseModel):
    """The options of `/// claim`. Values of settings stay text: the lab reads them itself."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    lab: Slug
    figure: str = Field(min_length=1)
    operator: Operator
    value: float
    tolerance: float | None = Field(default=None, ge=0)
    params: dict[str, str] = Field(default_factory=dict)
    preset: str = ""

    @model_validator(mode="after")
    def _tolerance_goes_with_within(self) -> Self:
        if self.operator == "within" and self.tolerance is None:
            raise ValueError('"within" needs a tolerance, in the unit of the value')
        if self.operator != "within" and self.tolerance is not None:
            raise ValueError(f'"tolerance" goes with "within" only; take it away or change "{self.operator}"')
        return self


class Claim(BaseModel):
    """A claim as it is kept for checking: `params` hold the preset's settings too. `text` is HTML."""

    model_config = ConfigDict(frozen=True)

    lab: str
    params: dict[str, str]
    figure: str
    operator: Operator
    value: float
    tolerance: float | None
    text: str
    line: int

    def holds(self, measured: float) -> bool:
        """Return whether a measured figure confirms the claim."""
        if self.operator == "within":
            return abs(measured - self.value) <= (self.tolerance or 0.0)
        less = measured < self.value or (self.operator.endswith("=") and measured == self.value)
        greater = measured > self.value or (self.operator.endswith("=") and measured == self.value)
        return less if self.operator.startswith("<") else greater
