// What can be written at a position: keys and values by the schemas, names inside expressions. Pure:
// a text, a position and what is known of the types, nothing else.

import { completeExpression, expressionAt } from "./expressions";
import { placeAt, type Place } from "./path";
import { expand, find, takesList, takesMap, typeWords, type Found, type Knowledge } from "./schema";

export interface Option {
  readonly label: string;
  readonly kind: "property" | "type" | "value" | "variable" | "function" | "filter";
  readonly detail?: string;
  readonly info?: string;
  /** What is inserted instead of the label. */
  readonly apply?: string;
  readonly isRequired?: boolean;
  readonly isDeprecated?: boolean;
}

export interface Offer {
  readonly from: number;
  readonly options: readonly Option[];
  /** A type whose schema is to be fetched: with it there may be more. */
  readonly missing?: string;
}

export interface Described {
  readonly title: string;
  readonly detail: string;
  readonly text: string;
  readonly missing?: string;
}

const EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  task: ["id", "type"],
  trigger: ["id", "type"],
};
const NONE: ReadonlyMap<string, string> = new Map();

export function complete(text: string, position: number, knowledge: Knowledge): Offer | undefined {
  const inner = expressionAt(text, position);
  if (inner !== undefined) return completeExpression(text, position, knowledge, inner);
  const place = placeAt(text, position);
  if (place.kind === "text") return undefined;
  const found = find(knowledge, place);
  const options = place.kind === "key" ? keys(place, found, knowledge) : values(place, found, knowledge);
  const offer = { from: place.from, options };
  return found.missing ? { ...offer, missing: found.missing } : offer;
}

/** The required properties of a type that the map does not have yet, as lines below it. */
export function requiredLines(knowledge: Knowledge, type: string, place: Place): string {
  const schema = knowledge.schema(type)?.properties;
  const wanted = (schema?.required ?? []).filter(
    (name) => name !== "type" && name !== "id" && name !== place.key && !place.siblings.has(name),
  );
  const margin = " ".repeat(place.column);
  return wanted.map((name) => `\n${margin}${keyText(schema?.properties?.[name], name, place.column, knowledge, type)}`).join("");
}

/** What the word at a position means, for whoever rests the pointer on it. */
export function describe(text: string, position: number, knowledge: Knowledge): Described | undefined {
  if (expressionAt(text, position) !== undefined) return undefined;
  const end = text.indexOf("\n", position);
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const line = text.slice(start, end < 0 ? text.length : end);
  const place = placeAt(text, start + line.length);
  if (place.kind !== "value") return undefined;
  const found = find(knowledge, place);
  const colon = start + line.indexOf(":", place.column);
  const type = knowledge.types.find((each) => each.name === place.word.trim().replace(/["']/g, ""));
  if (position > colon) {
    if (place.key !== "type" || !type) return undefined;
    const schema = knowledge.schema(type.name);
    const told = { title: type.name, detail: type.title, text: schema?.properties.description ?? "" };
    return schema ? told : { ...told, missing: type.name };
  }
  for (const { schema, definitions } of found.nodes) {
    const own = schema.properties?.[place.key];
    if (!own) continue;
    const words = typeWords(knowledge, { schema: own, definitions });
    const detail = schema.required?.includes(place.key) ? `${words}, required` : words;
    return { title: place.key, detail, text: own.description ?? "" };
  }
  return found.missing ? { title: place.key, detail: "", text: "", missing: found.missing } : undefined;
}

function keys(place: Place, found: Found, knowledge: Knowledge): Option[] {
  const options = new Map<string, Option>();
  for (const node of found.nodes) {
    for (const [name, schema] of Object.entries(node.schema.properties ?? {})) {
      if (place.siblings.has(name) || options.has(name)) continue;
      const own = { schema, definitions: node.definitions };
      const option = {
        label: name,
        kind: "property",
        detail: typeWords(knowledge, own),
        info: schema.description ?? "",
        apply: keyText(schema, name, place.column, knowledge),
        isRequired: node.schema.required?.includes(name) ?? false,
      } as const;
      if (!schema.deprecated && !schema.$deprecated) options.set(name, option);
    }
    for (const value of node.schema.enum ?? []) {
      if (place.steps.at(-1)?.key === undefined) options.set(String(value), { label: String(value), kind: "value" });
    }
  }
  if (found.kind && found.nodes.length === 0) {
    for (const name of EVERYWHERE[found.kind] ?? ["type"]) {
      if (!place.siblings.has(name)) {
        options.set(name, { label: name, kind: "property", apply: `${name}: `, isRequired: true });
      }
    }
  }
  return [...options.values()];
}

function values(place: Place, found: Found, knowledge: Knowledge): Option[] {
  if (place.key === "type" && found.kind) {
    return knowledge.types
      .filter((type) => type.kind === found.kind)
      .map((type) => ({ label: type.name, kind: "type", detail: type.title, isDeprecated: type.isDeprecated }));
  }
  const options = new Map<string, Option>();
  for (const node of found.nodes) {
    const own = node.schema.properties?.[place.key];
    if (!own) continue;
    for (const { schema } of expand(knowledge, [{ schema: own, definitions: node.definitions }], NONE).nodes) {
      const only = schema.const === undefined ? [] : [schema.const];
      const choices = schema.enum ?? (schema.type === "boolean" ? [true, false] : only);
      for (const choice of choices) {
        options.set(String(choice), { label: String(choice), kind: "value", info: own.description ?? "" });
      }
    }
  }
  return [...options.values()];
}

function keyText(
  schema: Parameters<typeof typeWords>[1]["schema"] | undefined,
  name: string,
  column: number,
  knowledge: Knowledge,
  type?: string,
): string {
  if (!schema) return `${name}: `;
  const definitions = (type && knowledge.schema(type)?.definitions) || knowledge.definitions;
  const node = { schema, definitions };
  const margin = " ".repeat(column + 2);
  if (takesMap(knowledge, node)) return `${name}:\n${margin}`;
  if (takesList(knowledge, node) && !/text|map/.test(typeWords(knowledge, node))) return `${name}:\n${margin}- `;
  return `${name}: `;
}
