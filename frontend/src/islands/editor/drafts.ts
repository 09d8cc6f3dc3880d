// What was typed and not saved, kept in this browser under the flow's name.

export interface Draft {
  readonly source: string;
  /** On which it is based; empty for a new flow. */
  readonly revision: string;
}

const PREFIX = "draft:";

export function readDraft(name: string): Draft | undefined {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") ?? undefined;
  } catch {
    return undefined; // no storage, or what is in it is not ours
  }
}

/** False where the browser keeps nothing: its storage is full or switched off. */
export function keepDraft(name: string, draft: Draft): boolean {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // nothing was kept where nothing can be removed
  }
}
