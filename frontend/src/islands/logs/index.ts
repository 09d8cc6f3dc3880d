// The log of an execution: lines come by pages as they are scrolled to, and only those that are
// seen stand in the document. The address has the filters; `#line-<key>` names a line.

import {
  Virtualizer,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import { getJson } from "../../shell/requests";
import { toast } from "../../shell/toasts";
import { onLive } from "../live/messages";
import { drawLine, type Line } from "./lines";
import { LinePages } from "./pages";
import "./logs.css";

const TYPING_PAUSE = 250;
const NEW_LINES_EVERY = 500;
const FILTERS = ["q", "minLevel", "taskRunId", "taskId"] as const;

class Logs extends HTMLElement {
  #frame!: HTMLElement;
  #list!: HTMLElement;
  #pages!: LinePages;
  #virtual!: Virtualizer<HTMLElement, HTMLElement>;
  #stop: (() => void)[] = [];
  #rows = new Map<number, { element: HTMLElement; line: Line | undefined }>();
  #marked = -1;
  #isDue = false;
  #isPolling = false;
  #typing = 0;

  connectedCallback(): void {
    if (this.#frame) return;
    this.#frame = this.querySelector(".log-frame")!;
    this.#list = this.querySelector(".log-lines")!;
    this.#readAddress();
    this.#virtual = new Virtualizer({
      count: 0,
      getScrollElement: () => this.#frame,
      estimateSize: () => 22,
      overscan: 8,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#drawSoon(),
    });
    this.#stop = [
      this.#virtual._didMount(),
      onLive((message) => {
        if (message.changed.includes("logs")) this.#poll();
        if (message.settled) this.#reload();
      }),
    ];
    this.#virtual._willUpdate();
    this.#listen();
    void this.#start();
  }

  disconnectedCallback(): void {
    for (const stop of this.#stop) stop();
  }

  #listen(): void {
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("input", (event) => {
      if ((event.target as HTMLInputElement).name !== "q") return;
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => this.#filter(), TYPING_PAUSE);
    });
    this.addEventListener("change", (event) => {
      if ((event.target as HTMLSelectElement).name === "minLevel") this.#filter();
    });
    this.#frame.addEventListener("wheel", (event) => event.deltaY < 0 && this.#setFollow(false), {
      passive: true,
    });
    this.#frame.addEventListener("keydown", (event) => {
      if (["ArrowUp", "PageUp", "Home"].includes(event.key)) this.#setFollow(false);
      if (event.key === "Home") this.#jump(0, "start", event);
      if (event.key === "End") this.#jump(this.#pages.total - 1, "end", event);
    });
  }

  // ---- filters ---------------------------------------------------------------------------------
  #readAddress(): void {
    const asked = new URL(location.href).searchParams;
    this.#field("q").value = asked.get("q") ?? "";
    this.#field("minLevel").value = asked.get("minLevel") ?? "";
    this.#showRun(asked.get("taskId") ?? asked.get("taskRunId")?.slice(0, 8) ?? "");
    this.#renew(asked);
  }

  #filter(): void {
    const url = new URL(location.href);
    for (const name of ["q", "minLevel"] as const) {
      const value = this.#field(name).value.trim();
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    url.hash = "";
    history.replaceState(history.state, "", url);
    this.#renew(url.searchParams);
    void this.#start();
  }

  /** Forgets all lines: what is asked for is different now. */
  #renew(asked: URLSearchParams): void {
    const wanted = new URLSearchParams();
    for (const name of FILTERS) if (asked.get(name)) wanted.set(name, asked.get(name)!);
    this.#marked = -1;
    this.#pages = new LinePages(this.getAttribute("lines") ?? "", wanted);
    const link = this.querySelector<HTMLAnchorElement>("[data-download]");
    if (link) link.search = wanted.toString();
  }

  #field(name: string): HTMLInputElement {
    return this.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
  }

  #showRun(name: string): void {
    const chip = this.querySelector<HTMLElement>("[data-run]")!;
    chip.hidden = !name;
    chip.querySelector("[data-run-id]")!.textContent = name;
  }

  // ---- lines -----------------------------------------------------------------------------------
  async #start(): Promise<void> {
    const pages = this.#pages;
    await pages.load(0);
    if (pages !== this.#pages) return;
    this.#showTotal();
    const [, key] = /^#line-(\d+)$/.exec(location.hash) ?? [];
    if (key) {
      this.#setFollow(false);
      await this.#findPlace({ line: key }, "This line is not in the log any more.");
    } else if (this.#isFollowing()) {
      this.#virtual.scrollToIndex(pages.total - 1, { align: "end" });
    }
  }

  /** New lines are at the end. */
  #poll(): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    setTimeout(() => {
      this.#isPolling = false;
      void this.#readEnd();
    }, NEW_LINES_EVERY);
  }

  async #readEnd(): Promise<void> {
    const pages = this.#pages;
    await pages.loadEnd();
    if (pages !== this.#pages) return;
    this.#showTotal();
    if (this.#isFollowing()) this.#virtual.scrollToIndex(pages.total - 1, { align: "end" });
  }

  /** All is written now: lines that came late stand in their places. */
  #reload(): void {
    this.#pages.forget();
    void this.#readEnd();
  }

  #showTotal(): void {
    const { total } = this.#pages;
    const told = `${total.toLocaleString(document.documentElement.lang)} ${total === 1 ? "line" : "lines"}`;
    this.querySelector("[data-count]")!.textContent = told;
    this.querySelector<HTMLElement>("[data-nothing]")!.hidden = total > 0;
    this.#frame.hidden = total === 0;
    this.#virtual.setOptions({ ...this.#virtual.options, count: total });
    this.#virtual._willUpdate();
    this.#virtual.measure();
    this.#drawSoon();
  }

  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    const items = this.#virtual.getVirtualItems();
    this.#list.style.height = `${this.#virtual.getTotalSize()}px`;
    const seen = new Set(items.map((item) => item.index));
    for (const [index, row] of this.#rows) {
      if (seen.has(index)) continue;
      row.element.remove();
      this.#rows.delete(index);
    }
    for (const item of items) {
      const line = this.#pages.line(item.index);
      if (!line) void this.#pages.load(item.index).then(() => this.#drawSoon());
      const element = this.#row(item.index, line);
      element.style.transform = `translateY(${item.start}px)`;
      element.toggleAttribute("data-marked", item.index === this.#marked);
    }
  }

  #row(index: number, line: Line | undefined): HTMLElement {
    const known = this.#rows.get(index);
    if (known && known.line === line) return known.element;
    const element = drawLine(index, line);
    if (known) known.element.replaceWith(element);
    else this.#list.append(element);
    this.#rows.set(index, { element, line });
    this.#virtual.measureElement(element);
    return element;
  }

  // ---- what is pressed -------------------------------------------------------------------------
  #click(event: Event): void {
    const target = event.target as Element;
    const number = target.closest<HTMLAnchorElement>(".log-number");
    const error = target.closest<HTMLElement>("[data-error]");
    if (number) {
      this.#marked = Number(number.closest<HTMLElement>(".log-line")?.dataset.index);
      void navigator.clipboard?.writeText(number.href).then(() => toast({ level: "success", text: "Link copied." }));
      this.#drawSoon();
    } else if (error) {
      this.#setFollow(false);
      const direction = error.dataset.error ?? "after";
      const told = direction === "after" ? "No error below this line." : "No error above this line.";
      void this.#findPlace({ [direction]: String(this.#current()) }, told);
    } else if (target.closest("[data-follow]")) {
      this.#setFollow(!this.#isFollowing());
      if (this.#isFollowing()) void this.#readEnd();
    } else if (target.closest("[data-all-runs]")) {
      const url = new URL(location.href);
      url.searchParams.delete("taskRunId");
      url.searchParams.delete("taskId");
      history.replaceState(history.state, "", url);
      this.#showRun("");
      this.#filter();
    }
  }

  /** Where the next error is looked for from. */
  #current(): number {
    if (this.#marked >= 0) return this.#marked;
    return (this.#virtual.range?.startIndex ?? 0) - 1;
  }

  async #findPlace(asked: Record<string, string>, otherwise: string): Promise<void> {
    const query = new URLSearchParams([...this.#pages.wanted, ...Object.entries(asked)]);
    const { place } = await getJson<{ place: number | null }>(`${this.getAttribute("places")}?${query}`);
    if (place === null) return toast({ level: "info", text: otherwise });
    this.#marked = place;
    await this.#pages.load(place);
    this.#virtual.scrollToIndex(place, { align: "center" });
    this.#drawSoon();
  }

  #jump(index: number, align: "start" | "end", event: Event): void {
    event.preventDefault();
    this.#virtual.scrollToIndex(index, { align });
  }

  #isFollowing(): boolean {
    return this.querySelector("[data-follow]")?.getAttribute("aria-pressed") === "true";
  }

  #setFollow(on: boolean): void {
    this.querySelector("[data-follow]")?.setAttribute("aria-pressed", String(on));
  }
}

customElements.define("k-logs", Logs);
