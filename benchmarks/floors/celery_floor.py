"""A bare Celery worker beside the product, on the same Redis, for as long as it is measured."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.errors import BenchmarkFailed
from benchmarks.floors.celery_client import FEW, MANY
from benchmarks.processes import ROOT, MeasuredProcess, product_environment
from benchmarks.stacks import temporary_folder
from tests.support.servers import RedisServer
