"""How much one render may use. Every limit fails with a plain message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in characters, items, levels or seconds, for one top-level render."""

    source_length: int = 1_000_000
    tokens: int = 50_000
    nesting: int = 100
    statement_nesting: int = 40
    loop_nesting: int = 19
    range_items: int = 100_000
    list_items: int = 1_000_000
    nodes: int = 1_000_000
    string_length: int = 10_000_000
    output_length: int = 10_000_000
    loop_turns: int = 1_000_000
    seconds: float = 10.0
    regex_seconds: float = 1.0
    jq_seconds: float = 5.0
    render_passes: int = 100
    call_depth: int = 40
    digits: int = 4_000
    cache_entries: int = 2_048
    cache_characters: int = 16_000_000
