"""Compiled templates by source text, bounded by count and by characters."""

from expressions.template import CompiledTemplate


class TemplateCache:
    """Two generations: what was used since the last turn survives it. Reading takes no lock; when
    two threads write at once, at worst a template is compiled again."""

    def __init__(self, entries: int, characters: int) -> None:
        self._most_entries = max(entries // 2, 1)
        self._most_characters = max(characters // 2, 1)
        self._young: dict[str, CompiledTemplate] = {}
        self._old: dict[str, CompiledTemplate] = {}
        self._characters = 0

    def get(self, source: str) -> CompiledTemplate | None:
        found = self._young.get(source)
        if found is None:
            found = self._old.get(source)
            if found is not None:
                self.put(found)
        return found

    def put(self, template: CompiledTemplate) -> None:
        length = len(template.source)
        if (
            len(self._young) >= self._most_entries
            or self._characters + length > self._most_characters
        ):
            self._old, self._young, self._characters = self._young, {}, 0
        self._young[template.source] = template
        self._characters += length

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())
