"""One module a figure. `ALL` is the order of the table; `RUN_ORDER` that of the run, in which those
on the same servers follow each other."""

from benchmarks.figure import Figure
from benchmarks.figures.t01_throughput import Throughput
from benchmarks.figures.t02_one_task_distributed import OneTaskDistributed
from benchmarks.figures.t03_one_task_embedded import OneTaskEmbedded
from benchmarks.figures.t04_sequence_distributed import SequenceDistributed
from benchmarks.figures.t05_sequence_embedded import SequenceEmbedded
from benchmarks.figures.t06_parallel import ParallelTasks
from benchmarks.figures.t07_shell_sequence import ShellSequence
from benchmarks.figures.t08_shell_throughput import ShellThroughput
from benchmarks.figures.t09_for_each import LoopOfHundred
from benchmarks.figures.t10_wide_execution import WideExecution
from benchmarks.figures.t11_many_starts import ManyStarts
from benchmarks.figures.t12_cold_start import ColdStart
from benchmarks.figures.t13_memory_embedded import MemoryEmbedded
from benchmarks.figures.t14_memory_distributed import MemoryDistributed
from benchmarks.figures.t15_idle_cpu import IdleCpu

_DISTRIBUTED: tuple[type[Figure], ...] = (
    Throughput,
    OneTaskDistributed,
    SequenceDistributed,
    ParallelTasks,
    ShellSequence,
    ShellThroughput,
    LoopOfHundred,
    WideExecution,
    ManyStarts,
)
_EMBEDDED: tuple[type[Figure], ...] = (OneTaskEmbedded, SequenceEmbedded, IdleCpu)
_OF_THEIR_OWN: tuple[type[Figure], ...] = (ColdStart, MemoryEmbedded, MemoryDistributed)

RUN_ORDER = (*_DISTRIBUTED, *_EMBEDDED, *_OF_THEIR_OWN)
ALL = tuple(sorted(RUN_ORDER, key=lambda figure: int(figure.id[1:])))
