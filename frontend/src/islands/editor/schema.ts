// From a place in the source to what the schemas say of it. The schema of a type is fetched when
// one is met: `missing` names those that were not there yet.

import type { Place, Step } from "./path";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly deprecated?: boolean;
  readonly $deprecated?: boolean;
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
}

export type Definitions = Readonly<Record<string, Schema>>;

export interface TypeSchema {
  readonly properties: Schema;
  readonly outputs: Schema;
  readonly definitions: Definitions;
}

export interface TypeName {
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly isDeprecated: boolean;
}

export interface Knowledge {
  readonly types: readonly TypeName[];
  readonly flow: Schema;
  readonly definitions: Definitions;
  readonly functions: readonly string[];
  readonly filters: readonly string[];
  /** Undefined while it was not fetched. */
  schema(type: string): TypeSchema | undefined;
}

/** A schema with the definitions that its references mean. */
export interface Node {
  readonly schema: Schema;
  readonly definitions: Definitions;
}

export interface Found {
  readonly nodes: readonly Node[];
  /** Where any type of a kind may stand: which. */
  readonly kind: string | undefined;
  readonly missing: string | undefined;
}

const PREFIX = "#/definitions/";
const WORDS: Readonly<Record<string, string>> = { array: "list", object: "map", string: "text", integer: "number" };
const NONE: ReadonlyMap<string, string> = new Map();

export function find(knowledge: Knowledge, place: Place): Found {
  let nodes: Node[] = [{ schema: knowledge.flow, definitions: knowledge.definitions }];
  let missing: string | undefined;
  for (const step of place.steps) {
    const open = expand(knowledge, nodes, step.key === undefined ? NONE : step.siblings);
    missing ??= open.missing;
    nodes = open.nodes.flatMap((node) => below(node, step));
  }
  const open = expand(knowledge, nodes, place.siblings);
  return { ...open, missing: missing ?? open.missing };
}

/** References followed, choices opened; by its `type` where the map has one. */
export function expand(
  knowledge: Knowledge,
  nodes: readonly Node[],
  siblings: ReadonlyMap<string, string>,
): Found {
  const found: Node[] = [];
  let kind: string | undefined;
  let missing: string | undefined;
  const open = (node: Node, depth: number): void => {
    const { schema, definitions } = node;
    if (depth > 12) return;
    if (schema.$ref !== undefined) {
      const name = schema.$ref.slice(PREFIX.length);
      const known = definitions[name] ?? knowledge.definitions[name];
      if (known) {
        open({ schema: known, definitions }, depth + 1);
        return;
      }
      kind = name;
      const type = siblings.get("type");
      const own = type ? knowledge.schema(type) : undefined;
      if (own) found.push({ schema: own.properties, definitions: own.definitions });
      else if (type && knowledge.types.some((each) => each.name === type)) missing = type;
      return;
    }
    const { discriminator } = schema;
    const chosen = discriminator?.mapping[siblings.get(discriminator.propertyName) ?? ""];
    if (chosen) {
      open({ schema: { $ref: chosen }, definitions }, depth + 1);
      return;
    }
    if (schema.properties || schema.items || schema.enum || schema.type) found.push(node);
    for (const each of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
      open({ schema: each, definitions }, depth + 1);
    }
  };
  for (const node of nodes) open(node, 0);
  return { nodes: found, kind, missing };
}

function below({ schema, definitions }: Node, step: Step): Node[] {
  const found =
    step.key === undefined
      ? schema.items
      : (schema.properties?.[step.key] ??
        (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined));
  return found ? [{ schema: found, definitions }] : [];
}

/** What a property takes, in a word or two. */
export function typeWords(knowledge: Knowledge, node: Node): string {
  const { nodes, kind } = expand(knowledge, [node], NONE);
  if (kind) return kind;
  const words = nodes.map(({ schema }) => {
    if (schema.enum) return schema.enum.length > 3 ? "choice" : schema.enum.join(" | ");
    const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
    const word = schema.format ?? type ?? "";
    return WORDS[word] ?? word;
  });
  return [...new Set(words.filter((word) => word && word !== "null"))].join(" | ");
}

export function takesList(knowledge: Knowledge, node: Node): boolean {
  return expand(knowledge, [node], NONE).nodes.some(({ schema }) => schema.items !== undefined);
}

export function takesMap(knowledge: Knowledge, node: Node): boolean {
  const { nodes, kind } = expand(knowledge, [node], NONE);
  if (nodes.some(({ schema }) => schema.type === "string")) return false;
  return kind !== undefined || nodes.some(({ schema }) => schema.type === "object");
}
