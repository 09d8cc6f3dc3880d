// What may be named between `{{` and `}}`: inputs, variables, outputs of tasks that come before,
// what the engine gives, functions; after a bar, filters.

import type { Option, Offer } from "./complete";
import { keysOf, placeAt, readLines, type Line } from "./path";
import type { Knowledge } from "./schema";

const GIVEN = [
  "flow.id", "flow.namespace", "flow.revision", "flow.tenantId",
  "execution.id", "execution.startDate", "execution.originalId",
  "task.id", "task.type", "taskrun.id", "taskrun.startDate", "taskrun.attemptsCount",
  "taskrun.value", "parents", "labels", "trigger",
]; // prettier-ignore
const SECTIONS = new Set(["tasks", "errors", "finally", "afterExecution"]);
const IN_BRACES = /^-?\s*\{\s*id:\s*["']?([\w-]+)["']?\s*,\s*type:\s*["']?([\w.]+)/;
const INPUT_IN_BRACES = /^-?\s*\{\s*(?:id|name):\s*["']?([\w.-]+)/;

export interface Named {
  readonly id: string;
  readonly type: string;
  /** Of the source, from 0. */
  readonly line: number;
}

export interface Outline {
  readonly inputs: readonly string[];
  readonly variables: readonly string[];
  readonly tasks: readonly Named[];
}

/** Undefined outside of an expression. */
export function expressionAt(text: string, position: number): string | undefined {
  const before = text.slice(Math.max(0, position - 2000), position);
  const opened = before.lastIndexOf("{{");
  if (opened < 0 || before.indexOf("}}", opened) >= 0) return undefined;
  return before.slice(opened + 2);
}

export function completeExpression(
  text: string,
  position: number,
  knowledge: Knowledge,
  inner: string,
): Offer {
  const word = /[\w.-]*$/.exec(inner)?.[0] ?? "";
  const from = position - word.length;
  if (/\|\s*[\w]*$/.test(inner)) {
    return { from, options: knowledge.filters.map((label) => ({ label, kind: "filter" })) };
  }
  const outline = outlineOf(text);
  const options: Option[] = [
    ...outline.inputs.map((id) => ({ label: `inputs.${id}`, kind: "variable", detail: "input" }) as const),
    ...outline.variables.map((id) => ({ label: `vars.${id}`, kind: "variable", detail: "variable" }) as const),
  ];
  let missing: string | undefined;
  for (const task of tasksBefore(text, position, outline.tasks)) {
    const named = /^[\w]+$/.test(task.id) ? `outputs.${task.id}` : `outputs['${task.id}']`;
    const schema = knowledge.schema(task.type);
    if (!schema && knowledge.types.some((each) => each.name === task.type)) missing = task.type;
    options.push({ label: named, kind: "variable", detail: task.type.split(".").pop() ?? "" });
    for (const [name, output] of Object.entries(schema?.outputs.properties ?? {})) {
      options.push({ label: `${named}.${name}`, kind: "variable", detail: "output", info: output.description ?? "" });
    }
  }
  options.push(...GIVEN.map((label) => ({ label, kind: "variable" }) as const));
  options.push(
    ...knowledge.functions.map((name) => ({ label: `${name}()`, kind: "function", apply: `${name}(` }) as const),
  );
  return missing ? { from, options, missing } : { from, options };
}

export function outlineOf(text: string): Outline {
  const raw = text.split("\n");
  const lines = readLines(text);
  const inputs: string[] = [];
  const variables: string[] = [];
  const tasks: Named[] = [];
  let section = "";
  let inner = -1;
  lines.forEach((line, number) => {
    if (line.isEmpty) return;
    if (line.column === 0 && line.key !== undefined) {
      section = line.key;
      inner = -1;
    } else if (section === "variables" && line.key !== undefined) {
      if (inner < 0) inner = line.column;
      if (line.column === inner) variables.push(line.key);
    } else if (section === "inputs") {
      const found = INPUT_IN_BRACES.exec((raw[number] ?? "").trim())?.[1];
      const isOwn = (line.key === "id" || line.key === "name") && line.value !== "";
      if (found ?? isOwn) inputs.push(found ?? line.value);
    } else if (SECTIONS.has(section)) {
      const task = taskOf(lines, number, line, raw[number] ?? "");
      if (task) tasks.push(task);
    }
  });
  return { inputs, variables, tasks };
}

function taskOf(lines: readonly Line[], number: number, line: Line, raw: string): Named | undefined {
  const found = IN_BRACES.exec(raw.trim());
  if (found) return { id: found[1] as string, type: found[2] as string, line: number };
  if (line.key !== "id" || !line.value) return undefined;
  const type = keysOf(lines, number, line.column, { own: line, withOwn: true }).get("type");
  return type ? { id: line.value, type, line: number } : undefined;
}

/** Without the task at the position and those around it. */
function tasksBefore(text: string, position: number, tasks: readonly Named[]): Named[] {
  const at = text.slice(0, position).split("\n").length - 1;
  const place = placeAt(text, position);
  const around = new Set(place.steps.flatMap((step) => (step.key === undefined ? [] : [step.siblings.get("id")])));
  around.add(place.siblings.get("id"));
  return tasks.filter((task) => task.line < at && !around.has(task.id));
}
