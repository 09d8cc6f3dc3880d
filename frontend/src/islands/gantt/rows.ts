// Task runs as rows: a tree in the order of creation, attempts below their run when there are
// several.

import { ENDED, WAITING, type RunRow } from "../live/messages";

export interface GanttRow {
  key: string;
  run: string;
  title: string;
  hint: string;
  depth: number;
  state: string;
  isAttempt: boolean;
  from: number;
  /** When it first ran; undefined while it waits. */
  ranFrom: number | undefined;
  /** Undefined while it is not over. */
  to: number | undefined;
}

type Attempts = Record<string, [state: string, from: number, to: number][]>;

export function rowsOf(runs: RunRow[], attempts: Attempts): GanttRow[] {
  const below = new Map<string | null, RunRow[]>();
  const known = new Set(runs.map((run) => run[1]));
  for (const run of runs.sort((one, other) => one[0] - other[0])) {
    const parent = run[3] !== null && known.has(run[3]) ? run[3] : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(run);
    else below.set(parent, [run]);
  }
  const rows: GanttRow[] = [];
  const visit = (run: RunRow, depth: number): void => {
    rows.push(rowOf(run, depth));
    const tries = attempts[run[1]] ?? [];
    for (const [number, [state, from, to]] of tries.entries()) {
      rows.push(attemptOf(run, depth + 1, number, state, from, to));
    }
    for (const child of below.get(run[1]) ?? []) visit(child, depth + 1);
  };
  for (const run of below.get(null) ?? []) visit(run, 0);
  return rows;
}

function rowOf(run: RunRow, depth: number): GanttRow {
  const [, id, task, , value, iteration, state, history] = run;
  const from = history[0]?.[1] ?? 0;
  const hint = value ?? (iteration === null ? "" : `#${iteration}`);
  return {
    key: id,
    run: id,
    title: task,
    hint,
    depth,
    state,
    isAttempt: false,
    from,
    ranFrom: history.find(([name]) => !WAITING.has(name))?.[1],
    to: ENDED.has(state) ? history.at(-1)?.[1] : undefined,
  };
}

function attemptOf(
  run: RunRow,
  depth: number,
  number: number,
  state: string,
  from: number,
  to: number,
): GanttRow {
  const title = `Attempt ${number + 1}`;
  return { key: `${run[1]}/${number}`, run: run[1], title, hint: "", depth, state, isAttempt: true, from, ranFrom: from, to };
}
