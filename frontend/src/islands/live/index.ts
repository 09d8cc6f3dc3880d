// The one socket of an execution's page. A message says what has changed; parts of the page that
// named it in `data-live` are told `k:changed`, at which htmx fetches them again, and islands hear
// `k:live` on the document with the message itself.
//
//   <k-live url="/ui/main/executions/…/live"></k-live>
//   <div data-live="state failure" hx-get="…" hx-trigger="k:changed" …>

import { toast } from "../../shell/toasts";
import { FAILED, type LiveMessage } from "./messages";

const PARTS_EVERY = 1_000;
const LONGEST_PAUSE = 15_000;
const REFUSED = 4_400;
/** What a fresh part would close under somebody's hand. */
const IN_USE = "dialog[open], details[open]";

class Live extends HTMLElement {
  #socket: WebSocket | undefined;
  #failures = 0;
  #timer = 0;
  #parts = new Set<string>();
  /** Parts that are to be fetched again, some as soon as nobody uses them. */
  #late = new Set<HTMLElement>();
  #isWaiting = false;

  connectedCallback(): void {
    document.addEventListener("htmx:beforeSwap", this.#holdBack);
    if (!this.#socket) this.#open();
  }

  /** A part came while somebody opened a menu in it: it is fetched again later. */
  #holdBack = (event: Event): void => {
    const { detail } = event as CustomEvent<{ shouldSwap: boolean; requestConfig: { elt: HTMLElement } }>;
    const part = detail.requestConfig.elt;
    if (!part.matches("[data-live]") || !part.querySelector(IN_USE)) return;
    detail.shouldSwap = false;
    this.#late.add(part);
    this.#tellParts(false);
  };

  disconnectedCallback(): void {
    document.removeEventListener("htmx:beforeSwap", this.#holdBack);
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #open(): void {
    const url = new URL(this.getAttribute("url") ?? "", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as LiveMessage));
    socket.addEventListener("close", ({ code, reason }) => {
      if (this.#socket === socket) this.#closed(code, reason);
    });
  }

  #hear(message: LiveMessage): void {
    this.#failures = 0;
    for (const name of message.changed) this.#parts.add(name);
    if (message.runs.some((run) => FAILED.has(run[6]))) this.#parts.add("failure");
    this.#tellParts(message.changed.includes("state"));
    document.dispatchEvent(new CustomEvent<LiveMessage>("k:live", { detail: message }));
  }

  /** At once for the state of the execution, else once in a while for all that has come. */
  #tellParts(isUrgent: boolean): void {
    if (isUrgent) return this.#tell();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#tell();
    }, PARTS_EVERY);
  }

  #tell(): void {
    const names = this.#parts;
    this.#parts = new Set();
    for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
      const isMeant = (part.dataset.live ?? "").split(" ").some((name) => names.has(name));
      if (isMeant) this.#late.add(part);
    }
    for (const part of this.#late) {
      if (part.isConnected && part.querySelector(IN_USE)) continue;
      this.#late.delete(part);
      part.dispatchEvent(new Event("k:changed"));
    }
    if (this.#late.size) this.#tellParts(false);
  }

  #closed(code: number, reason: string): void {
    this.#socket = undefined;
    if (code === 1_000) return;
    if (code >= REFUSED) {
      toast({ level: "warning", text: reason || "This page is no longer live." });
      return;
    }
    this.#failures += 1;
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failures);
    this.#timer = window.setTimeout(() => this.#open(), pause);
  }
}

customElements.define("k-live", Live);
