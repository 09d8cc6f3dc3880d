// Outputs by columns: task, iteration, key and so on down to a value. Each column is a list of
// buttons; arrow keys move in it and between columns. Files are shown and downloaded by the API.

import { getJson } from "../../shell/requests";
import { onLive } from "../live/messages";
import { drawValue } from "./values";
import { branchesOf, entriesOfRuns, type Entry, type ListedRun } from "./entries";
import "./outputs.css";

const AGAIN_AFTER = 2_000;

interface Answer {
  runs: ListedRun[];
  outputs: Record<string, unknown> | null;
}

class Outputs extends HTMLElement {
  #columns!: HTMLElement;
  #opened: string[] = [];
  #asked = 0;
  #isWaiting = false;
  #stop: () => void = () => {};

  connectedCallback(): void {
    if (this.#columns) return;
    this.#columns = this.querySelector(".outputs-columns")!;
    this.#columns.addEventListener("keydown", (event) => this.#press(event));
    this.#stop = onLive((message) => {
      if (message.changed.includes("tasks")) this.#loadSoon();
    });
    void this.#load();
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  #loadSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      void this.#load();
    }, AGAIN_AFTER);
  }

  /** Fetches the tasks; what was open stays open. */
  async #load(): Promise<void> {
    const { runs, outputs } = await getJson<Answer>(this.getAttribute("list") ?? "");
    const entries = entriesOfRuns(runs, (id) => getJson(`${this.getAttribute("of")}/${encodeURIComponent(id)}`));
    if (outputs && Object.keys(outputs).length) {
      entries.unshift({ title: "Execution", path: "outputs of the execution", run: "", value: outputs });
    }
    this.querySelector<HTMLElement>("[data-nothing]")!.hidden = entries.length > 0;
    this.#columns.hidden = entries.length === 0;
    if (this.#columns.contains(document.activeElement)) return; // somebody reads: nothing moves
    this.#columns.replaceChildren(this.#column(entries, 0));
    const wanted = this.#opened;
    this.#opened = [];
    for (const [depth, title] of wanted.entries()) {
      const button = this.#buttons(depth).find((one) => one.dataset.title === title);
      if (!button) break;
      await this.#open(button, depth);
    }
    const [first] = this.#buttons(0);
    if (!this.#opened.length && first) await this.#open(first, 0);
  }

  #column(entries: Entry[], depth: number): HTMLElement {
    const column = document.createElement("ul");
    column.className = "outputs-column";
    for (const entry of entries) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "outputs-entry";
      button.dataset.title = entry.title;
      button.append(span("outputs-title", entry.title));
      if (entry.hint) button.append(span("outputs-hint", entry.hint));
      button.addEventListener("click", () => void this.#open(button, depth));
      entriesOf.set(button, entry);
      item.append(button);
      column.append(item);
    }
    return column;
  }

  async #open(button: HTMLButtonElement, depth: number): Promise<void> {
    const entry = entriesOf.get(button);
    if (!entry) return;
    for (const one of this.#buttons(depth)) one.setAttribute("aria-expanded", String(one === button));
    this.#opened = [...this.#opened.slice(0, depth), entry.title];
    const number = (this.#asked += 1);
    const branches = await branchesOf(entry);
    if (number !== this.#asked) return;
    while (this.#columns.children.length > depth + 1) this.#columns.lastElementChild?.remove();
    this.#tellForm(entry.run);
    const next = branches
      ? this.#column(branches, depth + 1)
      : drawValue(entry, this.getAttribute("files") ?? "");
    this.#columns.append(next);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The expression box renders as the task run that is open. */
  #tellForm(run: string): void {
    const field = document.querySelector<HTMLInputElement>("[data-task-run]");
    if (field) field.value = run;
  }

  #buttons(depth: number): HTMLButtonElement[] {
    return [...(this.#columns.children[depth]?.querySelectorAll<HTMLButtonElement>(".outputs-entry") ?? [])];
  }

  #press(event: KeyboardEvent): void {
    const button = (event.target as Element).closest<HTMLButtonElement>(".outputs-entry");
    const column = button?.closest(".outputs-column");
    if (!button || !column) return;
    const depth = [...this.#columns.children].indexOf(column);
    const own = this.#buttons(depth);
    const targets: Record<string, HTMLButtonElement | undefined> = {
      ArrowDown: own[own.indexOf(button) + 1],
      ArrowUp: own[own.indexOf(button) - 1],
      ArrowLeft: this.#buttons(depth - 1).find((one) => one.getAttribute("aria-expanded") === "true"),
      ArrowRight: this.#buttons(depth + 1)[0],
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    targets[event.key]?.focus();
  }
}

const entriesOf = new WeakMap<HTMLElement, Entry>();

function span(name: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

customElements.define("k-outputs", Outputs);
