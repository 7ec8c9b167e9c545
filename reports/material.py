"""What a report is made from: the release, the questionnaire it answers, and the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.punctuation import clean
from reports.scores import Score, has_mean
from survey_service.i18n import Text, Words, pick
from survey_service.questionnaire import Block, Dimension, Item, Questionnaire

#: How a release writes a roll-up of small siblings, the own staff of a unit that has units below it,
#: and a block of units that share strata.
ROLL_UP = "*"
OWN_STAFF = "-"
SHARED = "+"
UNSUPPORTED: Score = {"mean": None, "reason": "no_data"}
#: The two ranks whose views are compared; a role's key joins the roles it holds with "+".
FRONT_LINE = "frontline"
LEADING = frozenset({"manager", "key_staff"})
#: Notes of the whole wave that say nothing of one unit, whose scores are not weighted.
NOTES_OF_THE_WHOLE = frozenset({"weighting_matters", "exclusion_matters", "many_excluded"})


@dataclass(frozen=True)
class Material:
    """Release, questionnaire and words in one place; read only.

    ``unit`` is set where it speaks of one unit; ``whole`` is then the material it came from.
    """

    content: Mapping[str, Any]
    questionnaire: Questionnaire
    say: Words
    unit: str = ""
    whole: "Material | None" = None

    @property
    def lang(self) -> str:
        """Return the language of the report."""
        return self.say.lang

    def name(self, text: Text) -> str:
        """Return a wording of the questionnaire in the report's language."""
        return pick(text, self.lang)

    def noted(self, code: str) -> bool:
        """Say whether the release carries a note."""
        return code in self.content["notes"]

    @property
    def organisation(self) -> str:
        """Return the organisation's name as one printable line; a rehearsal may have none."""
        return clean(self.content["wave"]["organisation"])

    @property
    def wave_title(self) -> str:
        """Return the wave's title, or its id where it has none."""
        wave = self.content["wave"]
        return clean(wave["title"]) or clean(wave["id"])

    @property
    def index(self) -> Score | None:
        """Return the index's score, or None where the questionnaire has none."""
        score: Score | None = self.content["index"]
        return score

    @property
    def index_name(self) -> str:
        """Return what the index is called."""
        text = self.questionnaire.index_name
        return self.say("brief.kpi.index") if text is None else self.name(text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks that hold a dimension of this questionnaire."""
        used = {dimension.block for dimension in self.dimensions}
        return tuple(block for block in self.questionnaire.blocks if block.id in used)

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return the dimensions that the release speaks of, in the questionnaire's order."""
        asked = self.content["dimensions"]
        return tuple(
            dimension
            for dimension in self.questionnaire.dimensions
            if dimension.id in asked and "not_asked" not in asked[dimension.id]
        )

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return the scored items, in the order in which they were asked."""
        return tuple(item for item in self.questionnaire.scored if item.id in self.content["items"])

    @property
    def is_single(self) -> bool:
        """Say whether one dimension is all there is, so that its items take the figures."""
        return len(self.dimensions) == 1

    @property
    def shows_scores(self) -> bool:
        """Say whether any dimension has a number."""
        return any(has_mean(self.dimension_score(one.id)) for one in self.dimensions)

    def dimension_score(self, dimension_id: str) -> Score:
        """Return a dimension's score of the whole organisation."""
        score: Score = self.content["dimensions"].get(dimension_id, UNSUPPORTED)
        return score

    def block_score(self, block_id: str) -> Score:
        """Return a block's score of the whole organisation."""
        score: Score = self.content["blocks"].get(block_id, UNSUPPORTED)
        return score

    def item_score(self, item_id: str) -> Score:
        """Return an item's score of the whole organisation."""
        score: Score = self.content["items"][item_id]
        return score

    def item_words(self, item: Item) -> str:
        """Return what an item says, without its full stop."""
        return item.wording(self.lang).rstrip("。.")

    @property
    def leading_role(self) -> str | None:
        """Return the key of managers and key staff together, as far as they are told apart."""
        keys = [key for key in self.content["roles"] if set(key.split(SHARED)) <= LEADING]
        return max(keys, key=lambda key: (key.count(SHARED), key), default=None)

    @property
    def front_line_role(self) -> str | None:
        """Return the key of the front line, if it is told apart."""
        return FRONT_LINE if FRONT_LINE in self.content["roles"] else None

    def role_score(self, key: str, dimension_id: str) -> Score:
        """Return what one role says of a dimension."""
        role = self.content["roles"][key]
        if "suppressed" in role:
            hidden: Score = role
            return hidden
        score: Score = role["dimensions"].get(dimension_id, UNSUPPORTED)
        return score

    def role_words(self, key: str | None) -> str:
        """Return the printed name of a role or of several together."""
        return self.say(f"brief.role.{(key or FRONT_LINE).replace(SHARED, '_')}")

    def for_unit(self, unit_id: str) -> "Material":
        """Return the same material as it stands for one unit that is shown."""
        content, released = self.content, self.content["units"][unit_id]
        counts: dict[str, Any] = {
            "returned": None,
            "excluded": None,
            "returned_rate": None,
            "units": {},
        }
        change = content["change"]
        moved = None if change is None else change.get("units", {}).get(unit_id)
        notes = {note for note in content["notes"] if note not in NOTES_OF_THE_WHOLE}
        return Material(
            {
                **content,
                **{key: released[key] for key in ("index", "blocks", "dimensions", "roles")},
                "participation": {**content["participation"]["units"][unit_id], **counts},
                "items": {},
                "units": {},
                "unit_order": [],
                "gaps": {},
                "quality": {},
                "change": change if moved is None else {"left_out": {}, **change, **moved},
                "notes": sorted(notes | {"unweighted"}),
            },
            self.questionnaire,
            self.say,
            unit_id,
            self,
        )

    @property
    def shown_units(self) -> tuple[str, ...]:
        """Return the units that have scores to show, in the roster's order."""
        units = self.content["units"]
        return tuple(unit for unit in self.content["unit_order"] if "dimensions" in units[unit])

    def parent_of(self, unit_id: str) -> str | None:
        """Return the nearest unit above that is shown and is not the whole itself."""
        above = unit_id.rpartition("/")[0]
        while above:
            if above in self.shown_units and above in self.units:
                return above
            above = above.rpartition("/")[0]
        return None

    def depth_of(self, unit_id: str) -> int:
        """Return how many listed units stand above one."""
        parts = unit_id.split("/")
        return sum("/".join(parts[:end]) in self._listed for end in range(1, len(parts)))

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(self.units)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Return the units in the roster's order; one that holds all the others is the whole itself."""
        order: Sequence[str] = self.content["unit_order"]
        return tuple(
            unit
            for unit in order
            if len(order) == 1
            or not all(other == unit or other.startswith(f"{unit}/") for other in order)
        )

    def unit_words(self, unit_id: str) -> str:
        """Return the printed name of a unit or of a published block of units.

        Only the last part of the path, and its parent before it where two units share a name.
        """
        parent, _, last = unit_id.rpartition("/")
        words = self._name_part(last, parent)
        if parent and sum(unit.rpartition("/")[2] == last for unit in self.units) > 1:
            return self.say(
                "brief.unit.within", parent=clean(parent.rpartition("/")[2]), name=words
            )
        return words

    def short_words(self, unit_id: str) -> str:
        """Return the last part of a unit's printed name, for where its parent stands above it."""
        parent, _, last = unit_id.rpartition("/")
        return self._name_part(last, parent)

    def _name_part(self, last: str, parent: str) -> str:
        if last == ROLL_UP:
            return self.say("brief.unit.others")
        if last == OWN_STAFF:
            return self.say("brief.unit.own", parent=clean(parent.rpartition("/")[2]))
        return self.say("brief.list_separator").join(clean(last).split(SHARED))
