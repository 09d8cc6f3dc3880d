// What stands in a column, and what stands in the next one when it is chosen.

export type ListedRun = [
  id: string,
  task: string,
  value: string | null,
  iteration: number | null,
  size: number,
];

export interface Entry {
  title: string;
  hint?: string;
  /** As an expression names it. */
  path: string;
  /** Task run; empty for outputs of the execution itself. */
  run: string;
  value?: unknown;
  entries?: Entry[];
  /** Fetches `value` when it is opened. */
  fetch?: () => Promise<unknown>;
}

const SHOWN = 1_000;

export function entriesOfRuns(runs: ListedRun[], fetch: (id: string) => Promise<unknown>): Entry[] {
  const tasks = new Map<string, ListedRun[]>();
  for (const run of runs) {
    const known = tasks.get(run[1]);
    if (known) known.push(run);
    else tasks.set(run[1], [run]);
  }
  return [...tasks].map(([task, all]) => {
    const path = step("outputs", task);
    const ofRun = (run: ListedRun, title: string, below: string): Entry => ({
      title,
      path: below,
      run: run[0],
      hint: size(run[4]),
      fetch: () => fetch(run[0]),
    });
    const [only] = all;
    if (only && all.length === 1 && only[2] === null && only[3] === null) return ofRun(only, task, path);
    const entries = all.map((run, number) => {
      const title = run[2] ?? (run[3] === null ? `#${number + 1}` : `#${run[3]}`);
      return ofRun(run, title, run[2] === null ? path : step(path, run[2]));
    });
    return { title: task, path, run: "", hint: String(all.length), entries };
  });
}

/** Nothing for a value that has no parts. */
export async function branchesOf(entry: Entry): Promise<Entry[] | undefined> {
  if (entry.entries) return entry.entries;
  if (entry.fetch && entry.value === undefined) entry.value = await entry.fetch();
  const { value, path, run } = entry;
  if (value === null || typeof value !== "object") return undefined;
  const parts: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (!parts.length) return undefined;
  return parts
    .slice(0, SHOWN)
    .map(([key, item]) => ({ title: String(key), hint: hintOf(item), path: step(path, key), run, value: item }));
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function step(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`;
}

function hintOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (value !== null && typeof value === "object") return `{${Object.keys(value).length}}`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
