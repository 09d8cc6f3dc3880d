"""Who did what to which object when: append-only."""
