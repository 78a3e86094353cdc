"""Many strings in two numpy arrays: small in memory, quick to load, searched by halving when they are sorted."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Strings:
    """UTF-8 strings one after another; `ends` has one more item than there are strings, the first is 0."""

    blob: bytes
    ends: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, values: Iterable[str]) -> Strings:
        """Keep these strings in their order."""
        texts = Texts()
        for value in values:
            texts.add(value)
        return texts.made()

    def __len__(self) -> int:
        return len(self.ends) - 1

    def raw(self, place: int) -> bytes:
        """The bytes of the string at a place; they compare as the strings do."""
        return self.blob[self.ends[place] : self.ends[place + 1]]

    def __getitem__(self, place: int) -> str:
        return self.raw(place).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))

    def first_from(self, wanted: bytes) -> int:
        """The place of the first string not before this one, when they are sorted."""
        low, high = 0, len(self)
        blob, ends = self.blob, self.ends
        while low < high:
            middle = (low + high) // 2
            if blob[ends[middle] : ends[middle + 1]] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, wanted: str) -> int | None:
        """The place of a string, when they are sorted."""
        encoded = wanted.encode("utf-8", "surrogatepass")
        place = self.first_from(encoded)
        return place if place < len(self) and self.raw(place) == encoded else None

    def beginning_with(self, beginning: str) -> range:
        """The places of the strings that begin so, when they are sorted."""
        encoded = beginning.encode("utf-8", "surrogatepass")
        return range(self.first_from(encoded), self.first_from(encoded + b"\xff"))

    def arrays(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """The two arrays to keep in a file, under names that `from_arrays` knows."""
        return {f"{name}.blob": np.frombuffer(self.blob, dtype=np.uint8), f"{name}.ends": self.ends}

    @classmethod
    def from_arrays(cls, name: str, arrays: dict[str, npt.NDArray[Any]]) -> Strings:
        """The strings kept under this name."""
        return cls(arrays[f"{name}.blob"].tobytes(), arrays[f"{name}.ends"])


class Texts:
    """Strings that come one by one."""

    def __init__(self) -> None:
        self._blob = bytearray()
        self._ends = array("I", [0])

    def add(self, value: str) -> None:
        """Add the next one."""
        self._blob += value.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._blob))

    def made(self) -> Strings:
        """All of them in their order."""
        return Strings(bytes(self._blob), np.array(self._ends, np.uint32))


@dataclass(frozen=True, slots=True)
class Lookup:
    """Sorted strings, each with the numbers it stands for."""

    words: Strings
    starts: npt.NDArray[np.uint32]
    numbers: Codes

    @classmethod
    def of(cls, numbers: dict[str, list[int]]) -> Lookup:
        """Make one of a dictionary."""
        words = sorted(numbers, key=lambda word: word.encode("utf-8", "surrogatepass"))
        starts = np.zeros(len(words) + 1, dtype=np.uint32)
        np.cumsum([len(numbers[word]) for word in words], out=starts[1:])
        flat = [number for word in words for number in numbers[word]]
        return cls(Strings.of(words), starts, np.array(flat, dtype=np.int32))

    def get(self, word: str) -> Sequence[int]:
        """The numbers of a word, none if it is not there."""
        place = self.words.find(word)
        return () if place is None else self.numbers[self.starts[place] : self.starts[place + 1]].tolist()

    def of_beginning(self, beginning: str) -> Codes:
        """The numbers of all words that begin so."""
        places = self.words.beginning_with(beginning)
        return self.numbers[self.starts[places.start] : self.starts[places.stop]]

    def arrays(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """The arrays to keep in a file."""
        return self.words.arrays(name) | {f"{name}.starts": self.starts, f"{name}.numbers": self.numbers}

    @classmethod
    def from_arrays(cls, name: str, arrays: dict[str, npt.NDArray[Any]]) -> Lookup:
        """What was kept under this name."""
        return cls(Strings.from_arrays(name, arrays), arrays[f"{name}.starts"], arrays[f"{name}.numbers"])
