// Where in a YAML source a position lies. Works by indentation, line by line, so that it also
// answers while the source does not hold. Flow style (`{a: b}`) counts as a value.

export interface Line {
  /** Columns of the dashes that begin items of lists. */
  readonly dashes: readonly number[];
  /** Column of what follows the dashes. */
  readonly column: number;
  readonly key: string | undefined;
  readonly value: string;
  /** Blank, or a comment. */
  readonly isEmpty: boolean;
}

/** A way down: into the value of a key, or into an item of a list. */
export type Step =
  | { readonly key: string; readonly siblings: ReadonlyMap<string, string> }
  | { readonly key: undefined };

export interface Place {
  /** `text`: in a block scalar, where only expressions mean something. */
  readonly kind: "key" | "value" | "text";
  readonly steps: readonly Step[];
  /** The other keys of the map around the position, with their values. */
  readonly siblings: ReadonlyMap<string, string>;
  /** For `value`: whose. */
  readonly key: string;
  /** What stands between `from` and the position. */
  readonly word: string;
  readonly from: number;
  readonly column: number;
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s:#{[&*!|>'"%@`-][^:]*?)\s*:(?=\s|$)\s*(.*)$/;
const BLOCK = /^[|>][-+\d]*\s*(#.*)?$/;

export function readLine(text: string): Line {
  let column = text.length - text.trimStart().length;
  const dashes: number[] = [];
  while (/^-(\s|$)/.test(text.slice(column))) {
    dashes.push(column);
    const rest = text.slice(column + 1);
    column += 1 + (rest.length - rest.trimStart().length || 1);
  }
  const content = text.slice(column);
  const isEmpty = dashes.length === 0 && (content === "" || content.startsWith("#"));
  const found = isEmpty ? null : KEY.exec(content);
  const key = found?.[1]?.replace(/^(["'])(.*)\1$/, "$2");
  return { dashes, column, key, value: (found?.[2] ?? "").trim(), isEmpty };
}

export function readLines(text: string): Line[] {
  return text.split("\n").map(readLine);
}

export function placeAt(text: string, position: number): Place {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const before = text.slice(start, position);
  const at = text.slice(0, start).split("\n").length - 1;
  const lines = readLines(text);
  const here = readLine(before);
  const column = here.isEmpty && !before.trim() ? before.length : here.column;
  const own: Line = { ...here, column };
  const steps = stepsTo(lines, at, own);
  const isText = steps === undefined || before.trimStart().startsWith("#");
  const word = here.key === undefined ? before.slice(column) : here.value;
  return {
    kind: isText ? "text" : here.key === undefined ? "key" : "value",
    steps: steps ?? [],
    siblings: keysOf(lines, at, column, { own, withOwn: false }),
    key: here.key ?? "",
    word,
    from: position - word.length,
    column,
  };
}

/** Outermost first; undefined inside a block scalar. */
function stepsTo(lines: readonly Line[], at: number, own: Line): Step[] | undefined {
  const steps: Step[] = [];
  let isText = false;
  let limit = own.column;
  let inList = false;
  const enter = (dashes: readonly number[]): void => {
    for (const dash of [...dashes].reverse()) {
      if (dash >= limit) continue;
      steps.unshift({ key: undefined });
      limit = dash;
      inList = true;
    }
  };
  enter(own.dashes);
  for (let number = at - 1; number >= 0 && (limit > 0 || inList); number -= 1) {
    const line = lines[number] as Line;
    if (line.isEmpty) continue;
    const isParent = inList ? line.column <= limit : line.column < limit;
    if (line.key !== undefined && isParent) {
      isText ||= BLOCK.test(line.value);
      const siblings = keysOf(lines, number, line.column, { own: line, withOwn: true });
      steps.unshift({ key: line.key, siblings });
      limit = line.column;
      inList = false;
      enter(line.dashes);
    } else if (line.column === limit || (line.dashes[0] ?? limit) < limit) {
      if (!inList || (line.dashes[0] ?? limit) < limit) enter(line.dashes);
    }
  }
  return isText ? undefined : steps;
}

/** The keys of the map whose keys stand at a column, around a line of it. */
export function keysOf(
  lines: readonly Line[],
  at: number,
  column: number,
  { own, withOwn }: { own: Line; withOwn: boolean },
): Map<string, string> {
  const found = new Map<string, string>();
  const take = (line: Line): void => {
    if (line.column === column && line.key !== undefined && !found.has(line.key)) {
      found.set(line.key, plain(line.value));
    }
  };
  if (withOwn) take(own);
  const begins = own.dashes.length > 0;
  for (let number = at - 1; number >= 0 && !begins; number -= 1) {
    const line = lines[number] as Line;
    if (line.isEmpty) continue;
    if (line.column < column) break;
    take(line);
    if (line.column === column && line.dashes.length > 0) break;
    if ((line.dashes[0] ?? column) < column) break;
  }
  for (let number = at + 1; number < lines.length; number += 1) {
    const line = lines[number] as Line;
    if (line.isEmpty) continue;
    if ((line.dashes[0] ?? line.column) < column) break;
    if (line.dashes.length === 0) take(line);
  }
  return found;
}

function plain(value: string): string {
  return value.replace(/\s+#.*$/, "").replace(/^(["'])(.*)\1$/, "$2");
}
