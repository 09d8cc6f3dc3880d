"""Hides secrets in text. Values shorter than four characters are not masked: they would hide
half of every log."""

import base64
import json
import re
import threading
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, quote_plus

MASK = "******"
SHORTEST = 4
_SHORTEST_LINE = 8
_GROUPED_LETTERS = 3


class Masker:
    """The secrets of one run. Adding is safe from any thread; masking takes no lock. One pattern
    of all secrets is compiled when text is masked after secrets were added."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._hidden: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._is_stale = False
        for secret in secrets:
            self.add(secret)

    def __repr__(self) -> str:
        return f"Masker({len(self._hidden)} texts)"

    def add(self, secret: str) -> None:
        """Registers a secret with its base 64, URL, JSON and hexadecimal forms, and each line of
        one that has several."""
        if len(secret) < SHORTEST:
            return
        forms = _forms(secret)
        with self._lock:
            if not forms <= self._hidden:
                self._hidden |= forms
                self._is_stale = True

    def mask(self, text: str) -> str:
        if self._is_stale:
            self._compile()
        pattern = self._pattern
        return text if pattern is None else pattern.sub(MASK, text)

    def mask_lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Line by line; secrets that are added on the way hide from the next line on."""
        for line in lines:
            yield self.mask(line)

    def _compile(self) -> None:
        with self._lock:
            if self._is_stale:
                self._pattern = re.compile(_any_of(sorted(self._hidden), _GROUPED_LETTERS))
                self._is_stale = False


def _any_of(texts: list[str], letters: int) -> str:
    """An alternation grouped by first letters, so that few branches are tried at each place. All
    texts are longer than the letters that are grouped; among the rest the longest come first."""
    if not letters or len(texts) == 1:
        ordered = sorted(texts, key=lambda text: (-len(text), text))
        return "|".join(map(re.escape, ordered))
    groups = groupby(texts, key=lambda text: text[0])
    return "|".join(
        f"{re.escape(first)}(?:{_any_of([text[1:] for text in group], letters - 1)})"
        for first, group in groups
    )


def _forms(secret: str) -> set[str]:
    data = secret.encode(errors="surrogatepass")
    stripped = secret.strip()
    forms = {
        secret,
        stripped,
        quote(data, safe=""),
        quote_plus(data),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        data.hex(),
        data.hex().upper(),
        *_base64_forms(data),
    }
    if "\n" in secret:
        forms |= {
            line.strip() for line in secret.splitlines() if len(line.strip()) >= _SHORTEST_LINE
        }
    return {form for form in forms if len(form) >= SHORTEST}


def _base64_forms(data: bytes) -> set[str]:
    plain = base64.b64encode(data).decode()
    safe = base64.urlsafe_b64encode(data).decode()
    return {plain, safe, plain.rstrip("="), safe.rstrip("=")}
