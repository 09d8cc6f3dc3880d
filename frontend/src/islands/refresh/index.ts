// Says `k:refresh` every few seconds while the page is seen and no row is selected; htmx, whose
// attributes stand on the element, fetches the list again.

const EVERY = 5_000;

class Refresh extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    clearInterval(this.#timer);
    this.#timer = window.setInterval(() => {
      if (!document.hidden && !this.#isBusy()) this.dispatchEvent(new Event("k:refresh"));
    }, EVERY);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  /** Somebody selects rows, writes a filter, or is asked something. */
  #isBusy(): boolean {
    const list = this.closest("[data-list]");
    return Boolean(list?.querySelector("input[data-select]:checked, :popover-open, dialog[open]"));
  }
}

customElements.define("k-refresh", Refresh);
