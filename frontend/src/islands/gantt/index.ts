// Task runs over time, in the order of their tree: the queued part thin, the running part solid.
// Only the rows that are seen stand in the document; while something runs they are drawn anew, at
// most once a frame.

import {
  Virtualizer,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import { getJson } from "../../shell/requests";
import { onLive, type RunRow } from "../live/messages";
import { drawAxis, drawRow, placeRow, type Span } from "./drawing";
import { rowsOf, type GanttRow } from "./rows";
import "./gantt.css";

const ROW = 30;
const TICK = 100;

interface Answer {
  now: number;
  state: string;
  start: number;
  end: number | null;
  runs: RunRow[];
  attempts: Record<string, [state: string, from: number, to: number][]>;
}

class Gantt extends HTMLElement {
  #frame!: HTMLElement;
  #list!: HTMLElement;
  #virtual!: Virtualizer<HTMLElement, HTMLElement>;
  #runs = new Map<string, RunRow>();
  #attempts: Answer["attempts"] = {};
  #rows: GanttRow[] = [];
  #drawn = new Map<string, { element: HTMLElement; row: GanttRow }>();
  #start = 0;
  #end: number | null = null;
  /** What the server's clock is ahead of ours. */
  #ahead = 0;
  #isDue = false;
  #timer = 0;
  #stop: (() => void)[] = [];

  connectedCallback(): void {
    if (this.#frame) return;
    this.#frame = this.querySelector(".gantt-frame")!;
    this.#list = this.querySelector(".gantt-rows")!;
    this.#virtual = new Virtualizer({
      count: 0,
      getScrollElement: () => this.#frame,
      estimateSize: () => ROW,
      overscan: 6,
      paddingStart: 0,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#drawSoon(),
    });
    this.#stop = [
      this.#virtual._didMount(),
      onLive((message) => {
        const isWhole = message.settled || (message.changed.includes("tasks") && !message.runs.length);
        if (isWhole) void this.#load();
        else this.#merge(message.runs);
      }),
    ];
    this.#virtual._willUpdate();
    if (this.hasAttribute("live")) {
      this.#timer = window.setInterval(() => {
        if (this.#end === null && !document.hidden) this.#drawSoon();
      }, TICK);
    }
    void this.#load();
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
    for (const stop of this.#stop) stop();
  }

  async #load(): Promise<void> {
    const answer = await getJson<Answer>(this.getAttribute("runs") ?? "");
    this.#ahead = answer.now - Date.now();
    this.#start = Math.min(answer.start, ...answer.runs.slice(0, 1).map((run) => run[7][0]?.[1] ?? answer.start));
    this.#end = answer.end;
    this.#attempts = answer.attempts;
    this.#merge(answer.runs);
  }

  /** A run never loses a part of its history: the longer one is the newer one. */
  #merge(runs: RunRow[]): void {
    let isChanged = false;
    for (const run of runs) {
      const known = this.#runs.get(run[1]);
      if (known && known[7].length > run[7].length) continue;
      this.#runs.set(run[1], run);
      isChanged = true;
    }
    if (isChanged || !this.#rows.length) this.#arrange();
    this.#drawSoon();
  }

  #arrange(): void {
    this.#rows = rowsOf([...this.#runs.values()], this.#attempts);
    this.querySelector<HTMLElement>("[data-nothing]")!.hidden = this.#rows.length > 0;
    this.#frame.hidden = this.#rows.length === 0;
    this.#virtual.setOptions({ ...this.#virtual.options, count: this.#rows.length });
    this.#virtual._willUpdate();
    this.#virtual.measure();
  }

  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #span(): Span {
    const now = Date.now() + this.#ahead;
    const last = this.#end ?? now;
    return { start: this.#start, end: Math.max(last, this.#start + 1), now };
  }

  #draw(): void {
    const span = this.#span();
    drawAxis(this.querySelector(".gantt-axis")!, span, this.#end === null);
    const items = this.#virtual.getVirtualItems();
    this.#list.style.height = `${this.#virtual.getTotalSize()}px`;
    const seen = new Set<string>();
    for (const item of items) {
      const row = this.#rows[item.index];
      if (!row) continue;
      seen.add(row.key);
      const element = this.#element(row);
      element.style.transform = `translateY(${item.start}px)`;
      placeRow(element, row, span);
    }
    for (const [key, { element }] of this.#drawn) {
      if (seen.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
  }

  #element(row: GanttRow): HTMLElement {
    const known = this.#drawn.get(row.key);
    if (known && known.row === row) return known.element;
    const icon = this.querySelector<HTMLTemplateElement>(`template[data-for="${row.state}"]`);
    const element = drawRow(row, this.getAttribute("logs") ?? "", icon);
    if (known) {
      const isFocused = known.element.contains(document.activeElement);
      known.element.replaceWith(element);
      if (isFocused) element.querySelector("a")?.focus({ preventScroll: true });
    } else {
      this.#list.append(element);
    }
    this.#drawn.set(row.key, { element, row });
    return element;
  }
}

customElements.define("k-gantt", Gantt);
