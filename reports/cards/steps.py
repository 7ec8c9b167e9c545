"""What to do with a stack, step by step: before the draw, at it, and after it."""

from dataclasses import dataclass

from reports import theme
from reports.document import Document
from reports.typography import Block, set_line, set_text
from survey_service.i18n import Words

NUMBER_WIDTH = 8.0
HEAD_GAP, STEP_GAP, PHASE_GAP = 0.8, 0.6, 2.6

HEAD = theme.Style(12.5, 17, theme.SERIF, theme.BLUE)
TEXT = theme.Style(10.5, 15.6)
NUMBER = theme.Style(10.5, 15.6, theme.BOLD, theme.BLUE)

PHASES = (
    ("cards.before", ("cards.before.secret", "cards.before.print", "cards.before.mix")),
    (
        "cards.drawing",
        (
            "cards.drawing.self",
            "cards.drawing.absent",
            "cards.drawing.unrecorded",
            "cards.drawing.spoilt",
            "cards.drawing.apart",
        ),
    ),
    ("cards.after", ("cards.after.destroy",)),
)


@dataclass(frozen=True)
class Phase:
    """A heading and its steps, set; ``first`` is the number of the first one."""

    head: Block
    steps: tuple[Block, ...]
    first: int

    @property
    def height(self) -> float:
        """Return the height with the room behind it, in millimetres."""
        steps = sum(step.height + STEP_GAP for step in self.steps)
        return self.head.height + HEAD_GAP + steps + PHASE_GAP

    def draw(self, document: Document, top: float) -> None:
        """Draw it from ``top`` down."""
        top = document.text(self.head, theme.LEFT, top) + HEAD_GAP
        for number, step in enumerate(self.steps, self.first):
            document.text(set_line(f"{number}.", NUMBER), theme.LEFT, top)
            top = document.text(step, theme.LEFT + NUMBER_WIDTH, top) + STEP_GAP


def set_phases(say: Words) -> list[Phase]:
    """Set all steps, numbered through."""
    width = theme.TEXT_WIDTH - NUMBER_WIDTH
    phases: list[Phase] = []
    first = 1
    for head, keys in PHASES:
        steps = tuple(set_text(say(key), TEXT, width) for key in keys)
        phases.append(Phase(set_line(say(head), HEAD), steps, first))
        first += len(steps)
    return phases
