"""Plainly made-up names with the shape of real ones: few are frequent, many are rare, many begin alike."""

from bisect import bisect
from itertools import accumulate
from random import Random

_SURNAME_STARTS = (
    "Al", "An", "Bar", "Ber", "Black", "Brad", "Cal", "Car", "Dal", "El", "Fair", "Gar", "Hart", "Hol",
    "Jack", "Kel", "Lind", "Mar", "Mont", "Nor", "O'Mar", "Pat", "Rich", "San", "Stan", "Thorn", "Wal",
    "Whit",
)  # fmt: skip
_SURNAME_ENDS = (
    "berg", "bridge", "dale", "derson", "dez", "field", "ford", "gate", "land", "ley", "lington", "man",
    "mann", "nez", "quist", "son", "strom", "ton", "well", "wood",
)  # fmt: skip
_FIRST_STARTS = (
    "A", "Be", "Ca", "Da", "E", "Fe", "Ga", "I", "Ja", "Ka", "Le", "Lé", "Ma", "Na", "No", "O", "Ri", "So",
    "Ta", "Vi", "Wi", "Za",
)  # fmt: skip
_FIRST_ENDS = (
    "bel", "lia", "lina", "lo", "mi", "na", "nio", "ra", "ren", "ri", "rius", "sha", "son", "thea", "vi",
    "ya",
)  # fmt: skip


class Names:
    """Draws names; the n-th name of a list comes up about as often as 1/n."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.surnames = self._mixed(_SURNAME_STARTS, _SURNAME_ENDS)
        self.first_names = self._mixed(_FIRST_STARTS, _FIRST_ENDS)
        self._surname_weights = _weights(len(self.surnames))
        self._first_name_weights = _weights(len(self.first_names))

    def _mixed(self, starts: tuple[str, ...], ends: tuple[str, ...]) -> list[str]:
        names = [start + end for start in starts for end in ends]
        self._random.shuffle(names)
        return names

    def first_name(self) -> str:
        return self.first_names[self._place(self._first_name_weights)]

    def surname(self) -> str:
        """Three in a hundred are double-barrelled."""
        name = self.surnames[self._place(self._surname_weights)]
        if self._random.random() < 0.03:
            return f"{name}-{self.surnames[self._place(self._surname_weights)]}"
        return name

    def _place(self, weights: list[float]) -> int:
        return bisect(weights, self._random.random() * weights[-1])


def _weights(count: int) -> list[float]:
    # The tail is as long as that of a census: the first of 500 names is borne by about three in a hundred.
    return list(accumulate(1 / (place + 10) for place in range(count)))
