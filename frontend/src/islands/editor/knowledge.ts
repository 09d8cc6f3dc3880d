// The types that the server knows: a small index at once, the schema of one when it is needed. The
// addresses carry the version, so the browser keeps what it got.

import { getJson } from "../../shell/requests";
import type { Knowledge, Schema, TypeName, TypeSchema } from "./schema";

interface Index {
  readonly types: readonly [name: string, kind: string, title: string, isDeprecated: boolean][];
  readonly flow: Schema;
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly functions: readonly string[];
  readonly filters: readonly string[];
}

export class Library implements Knowledge {
  types: readonly TypeName[] = [];
  flow: Schema = {};
  definitions: Readonly<Record<string, Schema>> = {};
  functions: readonly string[] = [];
  filters: readonly string[] = [];
  readonly ready: Promise<void>;
  readonly #schemas = new Map<string, TypeSchema | Promise<void>>();

  constructor(
    readonly url: string,
    readonly version: string,
  ) {
    this.ready = this.#fetchIndex();
  }

  schema(type: string): TypeSchema | undefined {
    const found = this.#schemas.get(type);
    return found instanceof Promise ? undefined : found;
  }

  /** Does nothing for one that is there already. */
  async fetch(type: string): Promise<void> {
    const known = this.#schemas.get(type);
    if (known) {
      await known;
      return;
    }
    const coming = this.#fetchSchema(type);
    this.#schemas.set(type, coming);
    await coming;
  }

  async #fetchIndex(): Promise<void> {
    const index = await getJson<Index>(`${this.url}?v=${this.version}`);
    const { flow, definitions, functions, filters } = index;
    this.types = index.types.map(([name, kind, title, isDeprecated]) => ({ name, kind, title, isDeprecated }));
    Object.assign(this, { flow, definitions, functions, filters });
  }

  async #fetchSchema(type: string): Promise<void> {
    try {
      const page = await getJson<{ schema: TypeSchema }>(
        `${this.url}/${encodeURIComponent(type)}?v=${this.version}`,
      );
      this.#schemas.set(type, page.schema);
    } catch (error) {
      this.#schemas.delete(type);
      throw error;
    }
  }
}
