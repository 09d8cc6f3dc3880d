"""`python -m chaos`: runs it, prints the report, and ends with 1 on any violation."""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLANTS = ("no-epoch-check", "acknowledge-before-commit", "no-outbox-sweep")


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="random when absent")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a bug that must be found")
    parser.add_argument("--rate", type=float, default=8.0, help="executions a second")
    parser.add_argument("--executors", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=None, help="folder for logs; always kept")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT / "secrets"), str(ROOT / "benchmarks" / "plugin")]

    from chaos.run import Plan, run

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ends the servers too
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10_000)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="kestra-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"chaos: seed {seed}, {options.seconds:g} s, folder {folder}\n")
    sys.stdout.flush()
    report = run(
        Plan(
            seconds=options.seconds,
            seed=seed,
            folder=folder,
            plant=options.plant,
            executors=options.executors,
            workers=options.workers,
            rate=options.rate,
        )
    )
    text = "\n".join(report.text())
    (folder / "report.txt").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    if report.is_clean and options.keep is None:
        shutil.rmtree(folder)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
