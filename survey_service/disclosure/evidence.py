"""What a release is made from: facts about the wave, and what scoring found, known by their shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from survey_service.disclosure.findings import (
    MeasuredAgreement,
    MeasuredChange,
    MeasuredDriver,
    MeasuredDrivers,
    MeasuredGap,
    MeasuredOmega,
    MeasuredPriority,
    MeasuredReliability,
    MeasuredResemblance,
    UnitTrend,
)
from survey_service.disclosure.precision import Measured, MeasuredDifference


class MeasuredSet(Protocol):
    """The scores of one set of people, as scoring hands them over."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def population(self) -> int | None: ...  # noqa: D102
    @property
    def index(self) -> Measured | None: ...  # noqa: D102
    @property
    def blocks(self) -> Mapping[str, Measured]: ...  # noqa: D102
    @property
    def dimensions(self) -> Mapping[str, Measured]: ...  # noqa: D102
    @property
    def items(self) -> Mapping[str, Measured]: ...  # noqa: D102


@dataclass(frozen=True)
class MentionedTheme:
    """A theme of answers in own words: the question, the theme, how often, and paraphrases."""

    item: str
    theme: str
    mentions: int
    paraphrases: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What a release says besides scores.

    ``wave`` and ``questionnaire`` are printed as they are; ``returned`` counts all responses,
    ``themes`` holds what was mentioned often enough in answers in own words;
    ``excluded`` counts those left out by rule, ``identical`` those equal to another one; ``crowded`` names the
    units with more answers than people; ``band`` is the band of the index.
    """

    wave: Mapping[str, Any]
    questionnaire: Mapping[str, Any]
    block_dimensions: Mapping[str, tuple[str, ...]]
    data_sha256: str
    generated_on: str
    returned: int
    excluded: Mapping[str, int]
    identical: int
    crowded: tuple[str, ...]
    band: str | None
    notes: tuple[str, ...]
    weighting: Mapping[str, Any]
    themes: tuple["MentionedTheme", ...] = ()


@dataclass(frozen=True)
class RankFigures:
    """The difference of managers and key staff from the front line, by dimension.

    ``roles`` are the keys of the two in a plan; ``unfamiliar`` the items of which a rank says too often
    that they do not apply, by the same keys.
    """

    roles: tuple[str, ...] = ()
    gap: Mapping[str, MeasuredGap] = field(default_factory=dict)
    unfamiliar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """What was found beside the scores of sets, at full precision.

    ``weighted`` holds the weighted scores of the whole, None where they are not weighted;
    ``with_excluded`` the whole with those counted in who were left out, ``left_out`` how many scores these
    have; ``marks`` and ``agreement`` go by set and dimension. ``previous`` is None without a wave to compare.
    """

    weighted: MeasuredSet | None
    ranks: RankFigures
    marks: Mapping[str, Mapping[str, MeasuredDifference]]
    agreement: Mapping[str, Mapping[str, MeasuredAgreement]]
    reliability: Mapping[str, MeasuredReliability]
    omega: Mapping[str, MeasuredOmega]
    resemblance: Mapping[str, MeasuredResemblance]
    drivers: MeasuredDrivers | None
    driver_of: Mapping[str, MeasuredDriver]
    priorities: Mapping[str, MeasuredPriority]
    with_excluded: MeasuredSet
    left_out: Mapping[str, int]
    previous: Mapping[str, Any] | None = None
    change: MeasuredChange | None = None
    trend_of_whole: UnitTrend = field(default_factory=UnitTrend)
    trends: Mapping[str, UnitTrend] = field(default_factory=dict)
