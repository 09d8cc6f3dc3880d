// How long something has run, kept true while it does.
//
//   <k-elapsed since="2026-01-31T08:00:00Z">41s</k-elapsed>

import { duration } from "../../shell/durations";

class Elapsed extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#draw(), 1000);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  #draw(): void {
    if (document.hidden) return;
    const since = Date.parse(this.getAttribute("since") ?? "");
    const told = duration(Math.max(0, Date.now() - since));
    if (this.textContent !== told) this.textContent = told;
  }
}

customElements.define("k-elapsed", Elapsed);
