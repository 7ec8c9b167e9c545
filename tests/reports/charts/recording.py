"""A sheet that remembers what was drawn on it, for charts whose marks are counted."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RecordingDocument:
    """Takes what a ``Document`` takes and keeps it by the name of the mark."""

    marks: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        def note(*values: Any, **named: Any) -> float:
            self.marks.setdefault(name, []).append((*values, *named.values()))
            return 0.0

        return note

    @property
    def words(self) -> list[str]:
        """Return every line of text, in the order in which it was set."""
        return [line.text for block, *_ in self.marks.get("text", []) for line in block.lines]
