// What the socket says, and a task run as it stands there and in `/runs`.

export type RunRow = [
  seq: number,
  id: string,
  task: string,
  parent: string | null,
  value: string | null,
  iteration: number | null,
  state: string,
  history: [state: string, at: number][],
  attempts: number,
  child: string | null,
];

export interface LiveMessage {
  /** Of `state`, `tasks`, `logs`. */
  changed: string[];
  /** The execution's own. */
  state: string;
  /** Those that are new or have changed. */
  runs: RunRow[];
  settled: boolean;
}

export const ENDED: ReadonlySet<string> = new Set([
  "SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "SKIPPED", "RETRIED",
]);
export const FAILED: ReadonlySet<string> = new Set(["FAILED", "KILLED"]);
export const WAITING: ReadonlySet<string> = new Set(["CREATED", "QUEUED"]);

/** Until the given function is called. */
export function onLive(listener: (message: LiveMessage) => void): () => void {
  const hear = (event: Event): void => listener((event as CustomEvent<LiveMessage>).detail);
  document.addEventListener("k:live", hear);
  return () => document.removeEventListener("k:live", hear);
}
