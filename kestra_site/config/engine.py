"""The engine's figures as one frozen value: leases, heartbeats, windows and limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """What executor, scheduler and workers are tuned by. Times are seconds, sizes bytes."""

    lease_seconds: float = 6.0
    renew_seconds: float = 2.0
    sweep_seconds: float = 2.0
    linger_seconds: float = 0.0025
    batch_size: int = 500
    window_factor: int = 4
    output_inline_limit: int = 65_536
    outputs_memory_limit: int = 1_048_576
    inline_render_seconds: float = 0.002
    render_timeout_seconds: float = 10.0
    render_threads: int = 4
    worker_threads: int = 8
    worker_group: str = ""
    worker_heartbeat_seconds: float = 3.0
    worker_lease_seconds: float = 45.0
    restart_lost_attempts: bool = True
    kill_grace_seconds: float = 10.0
    shutdown_grace_seconds: float = 300.0
    log_batch: int = 200
    log_flush_seconds: float = 0.1
    light_bundle: int = 50
    celery_prefetch: int = 4
