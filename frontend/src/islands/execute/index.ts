// The Execute button and its dialog: opens when the server's form has come, Ctrl-E asks for it,
// Ctrl-Enter sends it, and a change in a form with conditions asks for the form anew.

import "./execute.css";
import { htmx } from "../../shell/htmx";

const TYPING_PAUSE = 350;

class Execute extends HTMLElement {
  #leave: AbortController | undefined;
  #wait = 0;
  #isLooking = false;

  connectedCallback(): void {
    this.#leave?.abort();
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.addEventListener("htmx:afterSwap", () => this.#isLooking || this.#open(), { signal });
    this.addEventListener("submit", () => clearTimeout(this.#wait), { signal, capture: true });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("input", (event) => this.#changed(event), { signal });
  }

  disconnectedCallback(): void {
    this.#leave?.abort();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  get #form(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>("form[data-execute]");
  }

  #open(): void {
    const dialog = this.#dialog;
    if (dialog && !dialog.open) dialog.showModal();
    const wanted = ["[aria-invalid=true]", ".execute-body .input, .execute-body input", ".btn-primary"];
    for (const selector of wanted) {
      const found = this.#form?.querySelector<HTMLElement>(selector);
      if (!found) continue;
      found.focus();
      return;
    }
  }

  #pressed(event: KeyboardEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key === "e" && !this.#dialog?.open) {
      event.preventDefault();
      this.querySelector<HTMLElement>(":scope > a")?.click();
    } else if (event.key === "Enter" && this.#form?.contains(document.activeElement)) {
      event.preventDefault();
      this.#form.requestSubmit();
    }
  }

  #clicked(event: Event): void {
    if (!(event.target as Element).closest("[data-cancel]") || !this.#dialog) return;
    event.preventDefault();
    this.#dialog.close();
  }

  /** Files stay where they are: the answer is morphed into the form. */
  #changed(event: Event): void {
    const form = (event.target as Element).closest<HTMLFormElement>("[data-conditional]");
    if (!form) return;
    clearTimeout(this.#wait);
    this.#wait = window.setTimeout(() => void this.#look(form), TYPING_PAUSE);
  }

  async #look(form: HTMLFormElement): Promise<void> {
    this.#isLooking = true;
    try {
      const values = { look: "1" };
      await htmx.ajax("post", form.action, { source: form, target: form, swap: "morph:outerHTML", values } as never);
    } finally {
      this.#isLooking = false;
    }
  }
}

customElements.define("k-execute", Execute);
