"""Java's DateTimeFormatter patterns taken apart into letters and text, and the named formats."""

from dataclasses import dataclass
from functools import lru_cache

from expressions.context import fail

# The most times that a letter may be repeated.
LETTERS = {
    "y": 19, "u": 19, "Y": 19, "D": 3, "M": 5, "L": 5, "d": 2, "Q": 5, "q": 5, "w": 2, "W": 1,
    "E": 5, "e": 5, "c": 5, "a": 1, "h": 2, "K": 2, "k": 2, "H": 2, "m": 2, "s": 2, "S": 9,
    "A": 19, "n": 19, "N": 19, "V": 2, "v": 4, "z": 4, "O": 4, "X": 5, "x": 5, "Z": 5, "G": 5,
}  # fmt: skip

NAMED = {
    "iso": "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
    "iso_sec": "yyyy-MM-dd'T'HH:mm:ssXXX",
    "sql": "yyyy-MM-dd HH:mm:ss.SSSSSS",
    "sql_seq": "yyyy-MM-dd HH:mm:ss",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A letter repeated, or text when `letter` is empty."""

    letter: str
    count: int
    text: str = ""


@lru_cache(maxsize=512)
def fields_of(pattern: str) -> tuple[Field, ...]:
    fields: list[Field] = []
    index = 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "'":
            text, index = _quoted(pattern, index)
            fields.append(Field("", 0, text))
        elif letter.isascii() and letter.isalpha():
            end = index
            while end < len(pattern) and pattern[end] == letter:
                end += 1
            fields.append(_field(letter, end - index))
            index = end
        else:
            if letter in "{}#":
                fail(f"the date pattern holds the reserved character '{letter}'")
            fields.append(Field("", 0, "" if letter in "[]" else letter))
            index += 1
    return tuple(fields)


def _field(letter: str, count: int) -> Field:
    if letter not in LETTERS:
        fail(f"the date pattern has the unknown letter '{letter}'")
    if count > LETTERS[letter] or (letter == "V" and count != 2) or (letter == "c" and count == 2):
        fail(f"the date pattern has the wrong number of letters '{letter}'")
    return Field(letter, count)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """Text in quotes; a doubled quote is one. Gives the text and where it ends."""
    if pattern[start + 1 : start + 2] == "'":
        return "'", start + 2
    text = ""
    index = start + 1
    while index < len(pattern):
        if pattern[index] != "'":
            text += pattern[index]
        elif pattern[index + 1 : index + 2] == "'":
            text += "'"
            index += 1
        else:
            return text, index + 1
        index += 1
    return fail("the date pattern has a quote that is not closed")
