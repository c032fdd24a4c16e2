"""The nine lessons: number, title, what they cover."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import MissingExtraError, SpecError, nearest
from ..records import Record

EXTRA = "marimo plotly networkx nbformat"


@dataclass(frozen=True)
class Lesson(Record):
    """One lesson. `about` says what it covers, `file` is the notebook in this folder."""

    number: int
    title: str
    about: str
    file: str

    @property
    def path(self) -> Path:
        """Where the notebook is."""
        return Path(__file__).with_name(self.file)

    @property
    def module(self) -> str:
        """The notebook's name as Python imports it."""
        return f"{__package__}.{self.path.stem}"


LESSONS = (
    Lesson(
        1,
        "A curve by hand",
        "a parabola, noisy points, three sliders, and the mean absolute error term by term",
        "lesson_1_curve_by_hand.py",
    ),
    Lesson(
        2,
        "Downhill",
        "the error as a landscape, gradients derived in numbers, and a fit that walks down by itself",
        "lesson_2_downhill.py",
    ),
    Lesson(
        3,
        "Bends",
        "ReLU, sums of ReLUs, other activations, and how many bends a curve needs",
        "lesson_3_bends.py",
    ),
    Lesson(
        4,
        "Titanic from scratch",
        "a real table: gaps, scaling, weighted sums, layers, eleven networks, and a rule that runs along",
        "lesson_4_titanic_from_scratch.py",
    ),
    Lesson(
        5,
        "A network is a drawing",
        "logistic regression drawn as a network, one row on its way through it, layers of any size",
        "lesson_5_network_is_a_drawing.py",
    ),
    Lesson(
        6,
        "PyTorch in five steps",
        "tensors, a module, a loss, an optimizer, a loop; the same weights in three engines give the same numbers",
        "lesson_6_pytorch_in_five_steps.py",
    ),
    Lesson(
        7,
        "Two moons",
        "odds and logits, binary cross-entropy by hand, weights for a rare class, the boundary at every epoch",
        "lesson_7_two_moons.py",
    ),
    Lesson(
        8,
        "Is it any good?",
        "confusion matrix, thresholds, ROC and precision-recall curves, and what 178 rows can and cannot tell",
        "lesson_8_is_it_any_good.py",
    ),
    Lesson(
        9,
        "Spiral",
        "three classes, softmax, a network with gradients by hand, initial weights, dropout, overfitting",
        "lesson_9_spiral.py",
    ),
)


def find_lesson(number: int | str) -> Lesson:
    """The lesson of a number, or of a title or a part of it; raises `SpecError` with what there is."""
    asked = str(number).strip()
    for lesson in LESSONS:
        if asked == str(lesson.number) or asked.lower() == lesson.title.lower():
            return _written(lesson)
    if asked.lstrip("+-").isdecimal():
        last = LESSONS[-1].number
        close = min(max(int(asked[:9]), 1), last)
        title = LESSONS[close - 1].title
        raise SpecError(f"there is no lesson {asked[:20]}; they go from 1 to {last}, the nearest is {close}, {title!r}")
    raise SpecError(f"there is no lesson {asked[:40]!r}{nearest(asked, [each.title for each in LESSONS])}")


def _written(lesson: Lesson) -> Lesson:
    if not lesson.path.is_file():
        raise SpecError(
            f"lesson {lesson.number}, {lesson.title!r}, is not in this installation ({lesson.file} is absent)"
        )
    return lesson


def need_extra() -> None:
    """Raises `MissingExtraError` when a package that the lessons stand on is not installed."""
    from importlib.util import find_spec

    absent = [name for name in EXTRA.split() if find_spec(name) is None]
    if absent:
        raise MissingExtraError(
            f"the lessons need {' and '.join(absent)}, of the extra 'lessons'; pip install 'pellucid[lessons]'"
        )
