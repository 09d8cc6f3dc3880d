"""The array statements of the PostgreSQL store. Each takes one array literal a column (`arrays`),
so its text, and with it its prepared plan, is the same for every batch."""

# ruff: noqa: S608  # every name in these statements is our own; data comes as parameters

from __future__ import annotations

from collections.abc import Mapping

from executions.store import columns
from executions.store.columns import EXECUTION, TASK_RUN, Table
from executions.store.rows import ENDED_STATES, LOG_FIELDS


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _unnest(table: Table, names: tuple[str, ...]) -> str:
    arrays = ", ".join(f"%s::{table.columns[name]}[]" for name in names)
    return f"unnest({arrays}) AS u({_names(names)})"


def _insert(table: Table, conflict: str = "") -> str:
    names = _names(table.names)
    return (
        f"INSERT INTO {table.name} ({names})"
        f" SELECT {names} FROM {_unnest(table, table.names)} {conflict}"
    )


def updated_columns(table: Table) -> tuple[str, ...]:
    """Those that an UPDATE is given: the key, then what may change."""
    return table.key + table.mutable


def _update(table: Table, special: Mapping[str, str]) -> str:
    own = {name: f'u."{name}"' for name in table.mutable}
    changes = [f'"{name}" = {value}' for name, value in {**own, **special}.items()]
    place = " AND ".join(f't."{name}" = u."{name}"' for name in table.key)
    return (
        f"UPDATE {table.name} AS t SET {', '.join(changes)}"
        f" FROM {_unnest(table, updated_columns(table))} WHERE {place}"
    )


def _upsert(table: Table) -> str:
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in table.mutable)
    return _insert(table, f"ON CONFLICT ({_names(table.key)}) DO UPDATE SET {changes}")


# ---- the owner's turn ---------------------------------------------------------------------------
# KEY SHARE: a take-over (FOR UPDATE) waits for the turn, the renewal of a lease does not. Other
# epochs than expected divide by zero: the transaction fails at the server, so all that follows can
# be sent along, even the commit.
CHECK_EPOCHS = (
    "SELECT 1 / (coalesce(array_agg(held.epoch ORDER BY held.number), '{}') = %s::bigint[])::int"
    " FROM (SELECT number, epoch FROM executions_shard WHERE number = ANY(%s::smallint[])"
    " ORDER BY number FOR KEY SHARE) AS held"
)
READ_EPOCHS = "SELECT number, epoch FROM executions_shard WHERE number = ANY(%s::smallint[])"
INSERT_EXECUTIONS = _insert(EXECUTION, "ON CONFLICT (public_id) DO NOTHING")
UPDATE_EXECUTIONS = _update(EXECUTION, {"is_open": "coalesce(u.is_open, t.is_open)"})
CLOSE_EXECUTIONS = (
    "UPDATE executions_execution SET is_open = false WHERE public_id = ANY(%s::text[])"
)
INSERT_TASK_RUNS = _insert(TASK_RUN)
_UNCHANGED = "t.token IS NOT DISTINCT FROM u.token"
UPDATE_TASK_RUNS = _update(
    TASK_RUN,
    {
        "worker_id": f"CASE WHEN {_UNCHANGED} THEN t.worker_id END",
        "claimed_at": f"CASE WHEN {_UNCHANGED} THEN t.claimed_at END",
    },
)
_DELETED = "unnest(%s::date[], %s::text[], %s::text[]) AS u(day, execution_id, public_id)"
DELETE_TASK_RUNS = (
    f"DELETE FROM executions_taskrun AS t USING {_DELETED}"
    " WHERE t.day = u.day AND t.execution_id = u.execution_id AND t.public_id = u.public_id"
)
DELETE_ATTEMPTS = (
    f"DELETE FROM executions_attempt AS t USING {_DELETED}"
    " WHERE t.day = u.day AND t.execution_id = u.execution_id AND t.task_run_id = u.public_id"
)
UPSERT_ATTEMPTS = _upsert(columns.ATTEMPT)
INSERT_INBOX = _insert(columns.INBOX, "RETURNING id")
UPSERT_TIMERS = _upsert(columns.TIMER)
CANCEL_TIMERS = "DELETE FROM executions_timer WHERE token = ANY(%s::text[])"
DROP_TIMERS = "DELETE FROM executions_timer WHERE execution_id = ANY(%s::text[])"
COMMIT_SOON = "SELECT set_config('synchronous_commit', 'off', true)"
INSERT_LOGS = _insert(columns.LOG)
INSERT_METRICS = _insert(columns.METRIC)

# ---- reading ------------------------------------------------------------------------------------
_HEAD = ", ".join(
    f"e.{name}::text" if EXECUTION.columns[name] == "jsonb" else f'e."{name}"'
    for name in columns.HEAD_COLUMNS
)
_ATTEMPTS = (
    "CASE WHEN t.attempt_count > 0 THEN ("
    "SELECT json_agg(json_build_array(a.number, a.state, a.history, a.worker_id, a.is_lost))::text"
    " FROM executions_attempt AS a WHERE a.day = t.day AND a.execution_id = t.execution_id"
    " AND a.task_run_id = t.public_id) END"
)
_RUN_COLUMNS = ", ".join(f't."{name}"' for name in columns.TASK_RUN_COLUMNS)
_RUN = f"{_RUN_COLUMNS}, {_ATTEMPTS}"
_IS_OPEN_RUN = f"t.state NOT IN ({', '.join(repr(state) for state in ENDED_STATES)})"
_DAY_OF_E = "(e.created_at AT TIME ZONE 'UTC')::date"
_RUNS_OF_E = f"JOIN executions_taskrun AS t ON t.day = {_DAY_OF_E} AND t.execution_id = e.public_id"

# With the execution that was created with the request, if it has not begun: it has no task runs.
TAKE_INBOX = (
    "WITH taken AS (DELETE FROM executions_inboxrow WHERE id = ANY(%s::bigint[])"
    " AND shard = ANY(%s::smallint[]) RETURNING id, shard, execution_id, kind, payload)"
    f" SELECT taken.*, {_HEAD}, e.failures, NOT e.is_open FROM taken"
    " LEFT JOIN executions_execution AS e"
    " ON e.public_id = taken.execution_id AND e.state = 'CREATED' ORDER BY taken.id"
)
LOAD_HEADS = (
    f"SELECT {_HEAD}, e.failures, NOT e.is_open FROM executions_execution AS e"
    " WHERE e.public_id = ANY(%s::text[])"
)
LOAD_TASK_RUNS = (
    f"SELECT {_RUN}, t.execution_id, t.worker_id FROM executions_execution AS e {_RUNS_OF_E}"
    " WHERE e.public_id = ANY(%s::text[]) ORDER BY t.execution_id, t.seq"
)
OPEN_EXECUTIONS = (
    "SELECT public_id FROM executions_execution"
    " WHERE is_open AND NOT set_aside AND shard = ANY(%s::smallint[]) ORDER BY created_at, id"
)
SWEEP_INBOX = (
    "SELECT id, shard, execution_id, kind, payload FROM executions_inboxrow"
    " WHERE shard = ANY(%s::smallint[]) ORDER BY id LIMIT %s"
)
LOAD_TIMERS = (
    f"SELECT {_names(columns.TIMER.names)} FROM executions_timer"
    " WHERE shard = ANY(%s::smallint[]) ORDER BY due"
)
COUNT_FAILURE = (
    "UPDATE executions_execution SET failures = failures + 1, failure = %s,"
    " set_aside = failures + 1 >= %s WHERE public_id = %s RETURNING failures"
)
CLEAR_FAILURES = (
    "UPDATE executions_execution SET failures = 0, failure = NULL, set_aside = false"
    " WHERE public_id = %s"
)
ALL_RUNS = (
    f"SELECT {_RUN} FROM executions_taskrun AS t"
    " WHERE t.day = %s AND t.execution_id = %s ORDER BY t.seq"
)
# OFFSET 0 keeps the searches apart: each goes by the key, however many there are.
_BY_KEY = (
    "CROSS JOIN LATERAL (SELECT * FROM executions_taskrun AS r"
    " WHERE r.day = %s AND r.execution_id = %s AND r.public_id = {} OFFSET 0) AS {}"
)
RUNS_OF_TASKS = (
    "WITH RECURSIVE wanted AS ("
    "SELECT public_id, parent_id FROM executions_taskrun"
    " WHERE day = %s AND execution_id = %s AND task_id = ANY(%s::text[])"
    f" UNION SELECT p.public_id, p.parent_id FROM wanted {_BY_KEY.format('wanted.parent_id', 'p')})"
    f" SELECT {_RUN} FROM wanted {_BY_KEY.format('wanted.public_id', 't')} ORDER BY t.seq"
)
# The flowables above some task runs, and what stands beside each of the line: at a loop only the
# iterations that the line goes through. No histories and no attempts: expressions read none.
_READ = ", ".join(f't."{name}"' for name in columns.READ_COLUMNS)
ROWS_AROUND = (
    "WITH RECURSIVE line AS (SELECT r.day, r.execution_id, r.parent_id, r.value::text AS value"
    " FROM unnest(%(days)s::date[], %(executions)s::text[], %(runs)s::text[])"
    " AS u(day, execution_id, public_id) JOIN executions_taskrun AS r"
    " ON r.execution_id = u.execution_id AND r.public_id = u.public_id AND r.day = u.day UNION"
    " SELECT p.day, p.execution_id, p.parent_id, p.value::text FROM line"
    " JOIN executions_taskrun AS p ON p.execution_id = line.execution_id"
    " AND p.public_id = line.parent_id AND p.day = line.day)"
    f" SELECT DISTINCT ON (t.execution_id, t.public_id) t.execution_id, {_READ}"
    " FROM line JOIN executions_taskrun AS t"
    " ON t.execution_id = line.execution_id AND t.day = line.day"
    " AND t.parent_id IS NOT DISTINCT FROM line.parent_id"
    " AND (t.value IS NULL OR t.value = line.value)"
    " AND (%(tasks)s::text[] IS NULL OR t.task_id = ANY(%(tasks)s::text[]) OR EXISTS"
    " (SELECT 1 FROM line AS below WHERE below.parent_id = t.public_id))"
    " ORDER BY t.execution_id, t.public_id"
)

ERROR_LOGS = (
    f"SELECT {_names(tuple(LOG_FIELDS))} FROM executions_logentry"
    " WHERE day = %s AND execution_id = %s AND level = 'ERROR' ORDER BY timestamp, id"
)

# ---- workers ------------------------------------------------------------------------------------
_SENT = "u(day, execution_id, public_id, token)"
# `again`: the answer to the first try was lost with the connection, and may have been a yes.
CLAIM = (
    "WITH claimed AS ("
    "UPDATE executions_taskrun AS t SET worker_id = %(worker)s, claimed_at = now()"
    " FROM unnest(%(days)s::date[], %(executions)s::text[], %(runs)s::text[], %(tokens)s::text[])"
    f" AS {_SENT}"
    " WHERE t.day = u.day AND t.execution_id = u.execution_id AND t.public_id = u.public_id"
    f" AND t.token = u.token AND {_IS_OPEN_RUN}"
    " AND (t.worker_id IS NULL OR (%(again)s::boolean AND t.worker_id = %(worker)s))"
    " AND NOT EXISTS (SELECT 1 FROM executions_workerlease AS w"
    " WHERE w.worker_id = %(worker)s AND w.is_lost)"
    f" RETURNING t.day, t.execution_id, {_RUN_COLUMNS}, t.attempt_count)"
    f" SELECT {_RUN}, {_HEAD} FROM claimed AS t"
    " JOIN executions_execution AS e ON e.public_id = t.execution_id"
)
# An attempt that belongs to the empty worker can be claimed by nobody.
REVOKE = (
    "UPDATE executions_taskrun AS t SET worker_id = '', claimed_at = now()"
    f" FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[]) AS {_SENT}"
    " WHERE t.day = u.day AND t.execution_id = u.execution_id AND t.public_id = u.public_id"
    " AND t.token = u.token AND coalesce(t.worker_id, '') = '' RETURNING t.token"
)
BEAT = (
    "INSERT INTO executions_workerlease AS w (worker_id, worker_group, slots, lease_until)"
    " VALUES (%s, %s, %s, now() + %s * interval '1 second')"
    " ON CONFLICT (worker_id) DO UPDATE SET worker_group = excluded.worker_group,"
    " slots = excluded.slots, lease_until = excluded.lease_until"
    " WHERE NOT w.is_lost RETURNING 1"
)
RETIRE_WORKER = (
    "UPDATE executions_workerlease SET is_lost = true, lease_until = now() WHERE worker_id = %s"
)
MARK_LOST_WORKERS = (
    "UPDATE executions_workerlease SET is_lost = true WHERE NOT is_lost AND lease_until < now()"
)
# A claim that began before its worker was lost may still commit: look for a minute.
LOST_WORKERS = (
    "SELECT worker_id, lease_until < now() - interval '1 minute' FROM executions_workerlease"
    " WHERE is_lost AND NOT is_settled"
)
SETTLE_WORKERS = (
    "UPDATE executions_workerlease SET is_settled = true WHERE worker_id = ANY(%s::text[])"
)
FORGET_WORKERS = (
    "DELETE FROM executions_workerlease WHERE is_settled AND lease_until < now() - interval '1 day'"
)
LIVE_SLOTS = (
    "SELECT worker_group, sum(slots)::int FROM executions_workerlease"
    " WHERE NOT is_lost AND lease_until > now() GROUP BY worker_group"
)
CLAIMS_OF = (
    "SELECT t.execution_id, t.public_id, t.token, t.worker_id"
    f" FROM executions_execution AS e {_RUNS_OF_E}"
    f" WHERE e.is_open AND t.worker_id = ANY(%s::text[]) AND t.token IS NOT NULL AND {_IS_OPEN_RUN}"
)

OPEN_TOKENS = (
    "SELECT t.token, t.worker_id, e.state = 'KILLING' FROM executions_taskrun AS t"
    " JOIN executions_execution AS e ON e.public_id = t.execution_id"
    f" WHERE t.token = ANY(%s::text[]) AND {_IS_OPEN_RUN}"
)

# ---- ownership ----------------------------------------------------------------------------------
MAKE_SHARDS = (
    "INSERT INTO executions_shard (number) SELECT generate_series(0, %s - 1) ON CONFLICT DO NOTHING"
)
REGISTER_EXECUTOR = (
    "INSERT INTO executions_executorlease (owner, lease_until)"
    " VALUES (%s, now() + %s * interval '1 second')"
    " ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until"
)
FORGET_EXECUTORS = (
    "DELETE FROM executions_executorlease WHERE lease_until < now() - interval '1 hour'"
)
FORGET_EXECUTOR = "DELETE FROM executions_executorlease WHERE owner = %s"
LIVE_EXECUTORS = "SELECT count(*) FROM executions_executorlease WHERE lease_until > now()"
# A live shard of our own counts as held, an expired one of our own is taken anew.
HELD_SHARDS = (
    "UPDATE executions_shard SET lease_until = now() + %s * interval '1 second'"
    " WHERE owner = %s AND lease_until > now() RETURNING number, epoch"
)
FREE_SHARDS = (
    "SELECT number FROM executions_shard"
    " WHERE owner IS NULL OR lease_until IS NULL OR lease_until <= now()"
    " ORDER BY number FOR UPDATE"
)
TAKE_SHARDS = (
    "UPDATE executions_shard SET owner = %s, epoch = epoch + 1,"
    " lease_until = now() + %s * interval '1 second'"
    " WHERE number = ANY(%s::smallint[]) RETURNING number, epoch"
)
RENEW_SHARDS = (
    "UPDATE executions_shard SET lease_until = now() + %s * interval '1 second'"
    " WHERE owner = %s RETURNING number, epoch"
)
RELEASE_SHARDS = (
    "UPDATE executions_shard SET owner = NULL, lease_until = NULL"
    " WHERE owner = %s AND number = ANY(%s::smallint[])"
)
