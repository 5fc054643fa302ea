# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs as incidents name them, and the incidents that are expected."""

CONFIRMED = "confirmed"
SUSPECTED = "suspected"


class Piece:
    """A job, or a part of one, as incidents may name it."""

    def __init__(self, label, ids):
        self.label = label
        self.ids = ids

    def __str__(self):
        return self.ids[0]


class Job(Piece):
    """A job that was submitted."""

    def __init__(self, role, number, process=None):
        super().__init__(role, [number])
        self.number = number
        self.process = process

    def task(self, task):
        """A task of an array; as the rest of one it is in brackets."""
        return Piece(f"{self.label}_{task}",
                     [f"{self.number}_{task}", f"{self.number}_[{task}]"])

    def tasks(self, tasks):
        """Tasks of an array that wait: a list as squeue has it."""
        return Piece(f"{self.label}_[{tasks}]", [f"{self.number}_[{tasks}]"])

    def part(self, offset):
        """A component of a het job. One that never ran may have lost its
        leader's number."""
        return Piece(f"{self.label}+{offset}",
                     [f"{self.number}+{offset}",
                      str(int(self.number) + offset)])


class Want:
    """An incident that is expected. What is a tuple may be any of it; an
    optional one may be missing."""

    def __init__(self, piece, kind, phase, tasks=1, confidence=CONFIRMED,
                 event=None, correction="", optional=False):
        def any_of(words):
            return words if isinstance(words, tuple) else (words,)
        self.piece = piece
        self.kind = any_of(kind)
        self.phase = any_of(phase)
        self.confidence = any_of(confidence)
        self.tasks = tasks
        self.event = event
        self.correction = correction
        self.optional = optional

    def __str__(self):
        words = [self.piece.label, "/".join(self.kind), "/".join(self.phase)]
        if self.confidence != (CONFIRMED,):
            words.insert(1, "/".join(self.confidence))
        if self.tasks > 1:
            words.append(f"x{self.tasks}")
        if self.correction:
            words.append(f"but {self.correction}")
        text = " ".join(words)
        return f"({text})" if self.optional else text

    def is_met_by(self, found):
        """Whether that incident is what was expected."""
        return (found["job_id"] in self.piece.ids
                and found["kind"] in self.kind
                and found["phase"] in self.phase
                and found["confidence"] in self.confidence
                and found["tasks"] == self.tasks
                and not found["exempt"]
                and (found["correction"] or "") == self.correction)
