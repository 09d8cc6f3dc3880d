"""The statements of the SQLite store, run row by row (`executemany`) inside one transaction. Lists
of keys come as one JSON array."""

# ruff: noqa: S608  # every name in these statements is our own; data comes as parameters

from __future__ import annotations

from executions.store import columns
from executions.store.columns import EXECUTION, TASK_RUN, Table
from executions.store.rows import ENDED_STATES, LOG_FIELDS

NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_LATER = "strftime('%Y-%m-%d %H:%M:%f', 'now', ? || ' seconds')"
_LISTED = "IN (SELECT value FROM json_each(?))"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _insert(table: Table, conflict: str = "") -> str:
    marks = ", ".join("?" * len(table.names))
    return f"INSERT INTO {table.name} ({_names(table.names)}) VALUES ({marks}) {conflict}"


def _upsert(table: Table) -> str:
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in table.mutable)
    return _insert(table, f"ON CONFLICT ({_names(table.key)}) DO UPDATE SET {changes}")


def updated_columns(table: Table) -> tuple[str, ...]:
    """Those that an UPDATE is given. A task run's token is compared before it is replaced."""
    compared = ("token", "token") if table is TASK_RUN else ()
    return compared + table.mutable + table.key


def _update(table: Table, special: dict[str, str], first: str = "") -> str:
    changes = ", ".join(f'"{name}" = {special.get(name, "?")}' for name in table.mutable)
    place = " AND ".join(f'"{name}" = ?' for name in table.key)
    return f"UPDATE {table.name} SET {first}{changes} WHERE {place}"


# ---- the owner's turn ---------------------------------------------------------------------------
CHECK_EPOCHS = "SELECT number, epoch FROM executions_shard"
READ_INBOX = (
    f"SELECT id, shard, execution_id, kind, payload FROM executions_inboxrow WHERE id {_LISTED}"
    " ORDER BY id"
)
DELETE_INBOX = f"DELETE FROM executions_inboxrow WHERE id {_LISTED}"
INSERT_EXECUTIONS = _insert(EXECUTION, "ON CONFLICT (public_id) DO NOTHING")
UPDATE_EXECUTIONS = _update(EXECUTION, {"is_open": "coalesce(?, is_open)"})
CLOSE_EXECUTIONS = (
    f"UPDATE executions_execution SET is_open = 0 WHERE public_id {_LISTED} AND is_open"
)
INSERT_TASK_RUNS = _insert(TASK_RUN)
UPDATE_TASK_RUNS = _update(
    TASK_RUN,
    {},
    "worker_id = CASE WHEN token IS ? THEN worker_id END,"
    " claimed_at = CASE WHEN token IS ? THEN claimed_at END, ",
)
DELETE_TASK_RUNS = (
    "DELETE FROM executions_taskrun WHERE day = ? AND execution_id = ? AND public_id = ?"
)
DELETE_ATTEMPTS = (
    "DELETE FROM executions_attempt WHERE day = ? AND execution_id = ? AND task_run_id = ?"
)
UPSERT_ATTEMPTS = _upsert(columns.ATTEMPT)
INSERT_INBOX = _insert(columns.INBOX)
UPSERT_TIMERS = _upsert(columns.TIMER)
CANCEL_TIMERS = f"DELETE FROM executions_timer WHERE token {_LISTED}"
DROP_TIMERS = f"DELETE FROM executions_timer WHERE execution_id {_LISTED}"
INSERT_LOGS = _insert(columns.LOG)
INSERT_METRICS = _insert(columns.METRIC)

# ---- reading ------------------------------------------------------------------------------------
_HEAD = ", ".join(f'e."{name}"' for name in columns.HEAD_COLUMNS)
_ATTEMPTS = (
    "CASE WHEN t.attempt_count > 0 THEN ("
    "SELECT json_group_array(json_array(a.number, a.state, a.history, a.worker_id, a.is_lost))"
    " FROM executions_attempt AS a WHERE a.day = t.day AND a.execution_id = t.execution_id"
    " AND a.task_run_id = t.public_id) END"
)
_RUN = ", ".join(f't."{name}"' for name in columns.TASK_RUN_COLUMNS) + ", " + _ATTEMPTS
_IS_OPEN_RUN = f"t.state NOT IN ({', '.join(repr(state) for state in ENDED_STATES)})"
_RUNS_OF_E = (
    "CROSS JOIN executions_taskrun AS t"  # CROSS: SQLite keeps this order
    " ON t.day = substr(e.created_at, 1, 10) AND t.execution_id = e.public_id"
)

LOAD_HEADS = (
    f"SELECT {_HEAD}, e.failures, NOT e.is_open FROM executions_execution AS e"
    f" WHERE e.public_id {_LISTED}"
)
LOAD_TASK_RUNS = (
    f"SELECT {_RUN}, t.execution_id, t.worker_id FROM executions_execution AS e {_RUNS_OF_E}"
    f" WHERE e.public_id {_LISTED} ORDER BY t.execution_id, t.seq"
)
OPEN_EXECUTIONS = (
    "SELECT public_id FROM executions_execution"
    f" WHERE is_open AND NOT set_aside AND shard {_LISTED} ORDER BY created_at, id"
)
SWEEP_INBOX = (
    "SELECT id, shard, execution_id, kind, payload FROM executions_inboxrow"
    f" WHERE shard {_LISTED} ORDER BY id LIMIT ?"
)
LOAD_TIMERS = (
    f"SELECT {_names(columns.TIMER.names)} FROM executions_timer WHERE shard {_LISTED} ORDER BY due"
)
COUNT_FAILURE = (
    "UPDATE executions_execution SET failures = failures + 1, failure = ?,"
    " set_aside = failures + 1 >= ? WHERE public_id = ?"
)
READ_FAILURES = "SELECT failures FROM executions_execution WHERE public_id = ?"
CLEAR_FAILURES = (
    "UPDATE executions_execution SET failures = 0, failure = NULL, set_aside = 0"
    " WHERE public_id = ?"
)
ALL_RUNS = (
    f"SELECT {_RUN} FROM executions_taskrun AS t"
    " WHERE t.day = ? AND t.execution_id = ? ORDER BY t.seq"
)
RUNS_OF_TASKS = (
    "WITH RECURSIVE wanted(public_id, parent_id) AS ("
    "SELECT public_id, parent_id FROM executions_taskrun"
    f" WHERE day = ?1 AND execution_id = ?2 AND task_id {_LISTED.replace('?', '?3')}"
    " UNION SELECT p.public_id, p.parent_id FROM wanted JOIN executions_taskrun AS p"
    " ON p.day = ?1 AND p.execution_id = ?2 AND p.public_id = wanted.parent_id)"
    f" SELECT {_RUN} FROM executions_taskrun AS t WHERE t.day = ?1 AND t.execution_id = ?2"
    " AND t.public_id IN (SELECT public_id FROM wanted) ORDER BY t.seq"
)
# As on PostgreSQL, for one task run: the line of flowables above it, and what stands beside each.
_READ = ", ".join(f't."{name}"' for name in columns.READ_COLUMNS)
ROWS_AROUND = (
    "WITH RECURSIVE line(parent_id, value) AS (SELECT parent_id, value FROM executions_taskrun"
    " WHERE day = ?1 AND execution_id = ?2 AND public_id = ?3"
    " UNION SELECT p.parent_id, p.value FROM line JOIN executions_taskrun AS p"
    " ON p.day = ?1 AND p.execution_id = ?2 AND p.public_id = line.parent_id)"
    f" SELECT {_READ} FROM executions_taskrun AS t WHERE t.day = ?1 AND t.execution_id = ?2"
    f" AND (?4 IS NULL OR t.task_id {_LISTED.replace('?', '?4')}"
    " OR t.public_id IN (SELECT parent_id FROM line))"
    " AND EXISTS (SELECT 1 FROM line WHERE t.parent_id IS line.parent_id"
    " AND (t.value IS NULL OR t.value = line.value))"
)
ERROR_LOGS = (
    f"SELECT {_names(tuple(LOG_FIELDS))} FROM executions_logentry"
    " WHERE day = ? AND execution_id = ? AND level = 'ERROR' ORDER BY timestamp, id"
)

# ---- workers ------------------------------------------------------------------------------------
_PLACE = "day = ? AND execution_id = ? AND public_id = ? AND token = ?"
CLAIM = (
    f"UPDATE executions_taskrun AS t SET worker_id = ?, claimed_at = {NOW}"
    f" WHERE {_PLACE} AND {_IS_OPEN_RUN} AND worker_id IS NULL"
)
READ_CLAIM = (
    f"SELECT {_RUN}, {_HEAD} FROM executions_execution AS e {_RUNS_OF_E}"
    " WHERE e.public_id = ? AND t.public_id = ?"
)
IS_LOST = "SELECT 1 FROM executions_workerlease WHERE worker_id = ? AND is_lost"
# An attempt that belongs to the empty worker can be claimed by nobody.
REVOKE = (
    f"UPDATE executions_taskrun SET worker_id = '', claimed_at = {NOW}"
    f" WHERE {_PLACE} AND coalesce(worker_id, '') = ''"
)
BEAT = (
    "INSERT INTO executions_workerlease (worker_id, worker_group, slots, lease_until)"
    f" VALUES (?, ?, ?, {_LATER})"
    " ON CONFLICT (worker_id) DO UPDATE SET worker_group = excluded.worker_group,"
    " slots = excluded.slots, lease_until = excluded.lease_until WHERE NOT is_lost"
)
RETIRE_WORKER = (
    f"UPDATE executions_workerlease SET is_lost = 1, lease_until = {NOW} WHERE worker_id = ?"
)
MARK_LOST_WORKERS = (
    f"UPDATE executions_workerlease SET is_lost = 1 WHERE NOT is_lost AND lease_until < {NOW}"
)
# Writers follow one another, so what a lost worker holds now is all that it will ever hold.
LOST_WORKERS = "SELECT worker_id FROM executions_workerlease WHERE is_lost AND NOT is_settled"
SETTLE_WORKERS = f"UPDATE executions_workerlease SET is_settled = 1 WHERE worker_id {_LISTED}"
FORGET_WORKERS = (
    "DELETE FROM executions_workerlease WHERE is_settled"
    " AND lease_until < strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 day')"
)
LIVE_SLOTS = (
    "SELECT worker_group, sum(slots) FROM executions_workerlease"
    f" WHERE NOT is_lost AND lease_until > {NOW} GROUP BY worker_group"
)
CLAIMS_OF = (
    "SELECT t.execution_id, t.public_id, t.token, t.worker_id"
    f" FROM executions_execution AS e {_RUNS_OF_E}"
    f" WHERE e.is_open AND t.worker_id {_LISTED} AND t.token IS NOT NULL AND {_IS_OPEN_RUN}"
)
OPEN_TOKENS = (
    "SELECT t.token, t.worker_id, e.state = 'KILLING' FROM executions_taskrun AS t"
    " JOIN executions_execution AS e ON e.public_id = t.execution_id"
    f" WHERE t.token {_LISTED} AND {_IS_OPEN_RUN}"
)

# ---- ownership ----------------------------------------------------------------------------------
MAKE_SHARD = "INSERT INTO executions_shard (number) VALUES (?) ON CONFLICT DO NOTHING"
REGISTER_EXECUTOR = (
    f"INSERT INTO executions_executorlease (owner, lease_until) VALUES (?, {_LATER})"
    " ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until"
)
FORGET_EXECUTORS = (
    "DELETE FROM executions_executorlease"
    " WHERE lease_until < strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 hour')"
)
FORGET_EXECUTOR = "DELETE FROM executions_executorlease WHERE owner = ?"
LIVE_EXECUTORS = f"SELECT count(*) FROM executions_executorlease WHERE lease_until > {NOW}"
FREE_SHARDS = (
    "SELECT number FROM executions_shard"
    f" WHERE owner IS NULL OR lease_until IS NULL OR lease_until <= {NOW} ORDER BY number"
)
TAKE_SHARDS = (
    f"UPDATE executions_shard SET owner = ?, epoch = epoch + 1, lease_until = {_LATER}"
    f" WHERE number {_LISTED}"
)
RENEW_SHARDS = f"UPDATE executions_shard SET lease_until = {_LATER} WHERE owner = ?"
RENEW_LIVE_SHARDS = f"{RENEW_SHARDS} AND lease_until > {NOW}"
HELD_SHARDS = "SELECT number, epoch FROM executions_shard WHERE owner = ? ORDER BY number"
RELEASE_SHARDS = (
    "UPDATE executions_shard SET owner = NULL, lease_until = NULL"
    f" WHERE owner = ? AND number {_LISTED}"
)
