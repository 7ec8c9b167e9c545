"""A disk that loses power: what may be found of a folder at the next start.

Steps are done to the disk one after the other. What was not synced when the power goes may be there
or not, in this model as badly as POSIX lets it be:

- the content of a file that was not synced since it was written: the last synced content (or
  nothing), the new one, a beginning of it, or any mixture of blocks old, new and empty;
- a name that was made, moved or removed since its folder was last synced: any subset of these
  happened, in their order. A move within a folder happens at once or not at all.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

BLOCK = 512
ROOT = 0
MOST_NAMES = 9
"""Of so many unsynced changes of names every subset is tried, of more a few hundred."""

_MOST_BLOCKS = 3
_SAMPLE = 200

Tree = dict[str, bytes | None]
"""Path -> content, None for a folder."""


@dataclass(frozen=True)
class Made:
    """A file or a folder was made."""

    folder: int
    name: str
    node: int
    is_folder: bool = False


@dataclass(frozen=True)
class Moved:
    """A file or a folder got another name in its folder; what had that name is gone."""

    folder: int
    name: str
    target: str
    node: int


@dataclass(frozen=True)
class Removed:
    """A file or an empty folder was removed."""

    folder: int
    name: str


@dataclass(frozen=True)
class Written:
    """A file was seen to have another content than before."""

    node: int
    content: bytes


@dataclass(frozen=True)
class Synced:
    """A file or a folder was synced."""

    node: int


Naming = Made | Moved | Removed
Step = Naming | Written | Synced
Names = dict[int, dict[str, int]]


@dataclass
class _File:
    synced: bytes = b""
    since: list[bytes] = field(default_factory=list)


class Disk:
    """The synced state and everything that came after it."""

    def __init__(self) -> None:
        self._names: Names = {ROOT: {}}
        self._pending: list[Naming] = []
        self._files: dict[int, _File] = {}
        self.chosen = 0
        """How often not every outcome could be tried."""

    def do(self, step: Step) -> None:
        """Do one step."""
        match step:
            case Made(is_folder=True):
                self._names[step.node] = {}
                self._pending.append(step)
            case Made():
                self._files[step.node] = _File()
                self._pending.append(step)
            case Moved() | Removed():
                self._pending.append(step)
            case Written():
                self._files[step.node].since.append(step.content)
            case Synced() if step.node in self._names:
                mine = [each for each in self._pending if each.folder == step.node]
                self._pending = [each for each in self._pending if each.folder != step.node]
                _apply(mine, self._names)
                self._drop_unreachable()
            case Synced():
                file = self._files[step.node]
                file.synced, file.since = (file.since or [file.synced])[-1], []

    def outcomes(self, most: int, chance: random.Random, *, quick: bool = False) -> Iterator[Tree]:
        """Yield what may be found after the power went.

        Of very many outcomes ``most`` are drawn by chance; ``quick`` leaves it at the extremes:
        nothing unsynced happened, everything, all but one change of a name, or one alone.
        """
        seen: set[tuple[tuple[str, int], ...]] = set()
        for names in self._namings(chance, quick=quick):
            paths = dict(_walk(names, ROOT, ""))
            key = tuple(sorted(paths.items()))
            if key not in seen:
                seen.add(key)
                yield from self._contents(paths, 1 if quick else most, chance)

    def _drop_unreachable(self) -> None:
        """Forget what happened in folders that no crash can bring back."""
        named = {ROOT} | {node for entries in self._names.values() for node in entries.values()}
        named |= {each.node for each in self._pending if not isinstance(each, Removed)}
        self._pending = [each for each in self._pending if each.folder in named]

    def _namings(self, chance: random.Random, *, quick: bool) -> Iterator[Names]:
        # what is known of a lock does not matter, so the locks are there or not all together
        locks = [each for each in self._pending if each.name.endswith(".lock")]
        others = [each for each in self._pending if not each.name.endswith(".lock")]
        for subset in _extremes(others) if quick else self._subsets(others, chance):
            for some in ([], locks) if locks else ([],):
                names = {folder: dict(entries) for folder, entries in self._names.items()}
                _apply([*some, *subset], names)
                yield names

    def _subsets(
        self, steps: Sequence[Naming], chance: random.Random
    ) -> Iterator[Sequence[Naming]]:
        if len(steps) <= MOST_NAMES:
            for size in range(len(steps) + 1):
                yield from itertools.combinations(steps, size)
            return
        self.chosen += 1
        yield from _extremes(steps)
        for place in range(len(steps)):
            yield steps[:place]
            yield steps[place:]
        for _ in range(_SAMPLE):
            yield [step for step in steps if chance.random() < 0.5]

    def _contents(self, paths: dict[str, int], most: int, chance: random.Random) -> Iterator[Tree]:
        fixed: Tree = {}
        loose: dict[str, list[bytes]] = {}
        for path, node in paths.items():
            file = self._files.get(node)
            if file is None:
                fixed[path] = None
            elif not file.since:
                fixed[path] = file.synced
            elif path.endswith(".lock"):
                fixed[path] = file.since[-1]
            else:
                loose[path] = list(dict.fromkeys(_tear(file)))
        total = 1
        for choices in loose.values():
            total *= len(choices)
        if total <= most:
            for contents in itertools.product(*loose.values()):
                yield fixed | dict(zip(loose, contents, strict=True))
            return
        self.chosen += most > 1
        for _ in range(most):
            yield fixed | {path: chance.choice(choices) for path, choices in loose.items()}


def _extremes(steps: Sequence[Naming]) -> Iterator[Sequence[Naming]]:
    yield []
    yield steps
    for place in range(len(steps)):
        yield [steps[place]]
        yield [*steps[:place], *steps[place + 1 :]]


def _apply(steps: Sequence[Naming], names: Names) -> None:
    for step in steps:
        entries = names[step.folder]
        match step:
            case Made():
                entries[step.name] = step.node
            case Moved():
                entries.pop(step.name, None)
                entries[step.target] = step.node
            case Removed():
                entries.pop(step.name, None)


def _walk(names: Names, folder: int, above: str) -> Iterator[tuple[str, int]]:
    for name, node in names[folder].items():
        yield f"{above}{name}", node
        if node in names:
            yield from _walk(names, node, f"{above}{name}/")


def _tear(file: _File) -> Iterator[bytes]:
    yield file.synced
    for version, before in zip(file.since, [file.synced, *file.since], strict=False):
        yield version
        count = -(-len(version) // BLOCK)
        yield from (version[: n * BLOCK] for n in range(count))
        new = [version[n * BLOCK :][:BLOCK] for n in range(count)]
        old = [
            before[n * BLOCK :][:BLOCK].ljust(len(block), b"\0")[: len(block)]
            for n, block in enumerate(new)
        ]
        if count <= _MOST_BLOCKS:
            masks = itertools.product((True, False), repeat=count)
            yield from (_mix(mask, new, old) for mask in masks)
        else:
            for n in range(count):
                yield _mix([k != n for k in range(count)], new, old)
                yield _mix([k == n for k in range(count)], new, old)


def _mix(mask: Sequence[bool], new: Sequence[bytes], old: Sequence[bytes]) -> bytes:
    return b"".join(a if is_new else b for is_new, a, b in zip(mask, new, old, strict=True))
