// Lines of a log by pages, kept as they were fetched.

import { getJson } from "../../shell/requests";
import type { Line } from "./lines";

const SIZE = 500;

interface Answer {
  total: number;
  offset: number;
  lines: Line[];
}

export class LinePages {
  total = 0;
  #pages = new Map<number, Line[]>();
  #asked = new Map<number, Promise<void>>();

  constructor(
    private readonly url: string,
    readonly wanted: URLSearchParams,
  ) {}

  line(index: number): Line | undefined {
    return this.#pages.get(Math.floor(index / SIZE))?.[index % SIZE];
  }

  /** The page in which the line is; one call for all who wait for it. */
  load(index: number): Promise<void> {
    const number = Math.max(0, Math.floor(index / SIZE));
    if (this.#pages.has(number)) return Promise.resolve();
    const asked = this.#asked.get(number) ?? this.#fetch(number).finally(() => this.#asked.delete(number));
    this.#asked.set(number, asked);
    return asked;
  }

  /** The last page as it is now; pages that were begun since are asked for when they are seen. */
  async loadEnd(): Promise<void> {
    const number = Math.floor(this.total / SIZE);
    await this.#fetch(number);
    const last = Math.floor(Math.max(0, this.total - 1) / SIZE);
    if (last > number) await this.#fetch(last);
  }

  forget(): void {
    this.#pages.clear();
  }

  async #fetch(number: number): Promise<void> {
    const query = new URLSearchParams([...this.wanted, ["offset", String(number * SIZE)]]);
    const answer = await getJson<Answer>(`${this.url}?${query}`);
    this.#pages.set(number, answer.lines);
    this.total = answer.total;
  }
}
