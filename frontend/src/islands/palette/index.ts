// The palette: pages, flows and executions by what is typed. The server finds and permits them;
// this draws the answer and moves through it.

import { getJson } from "../../shell/requests";

interface Hit {
  title: string;
  url: string;
  group: string;
  hint?: string;
  icon: string;
}

const PAUSE = 120;

class Palette extends HTMLElement {
  static readonly observedAttributes = ["open"];
  #dialog!: HTMLDialogElement;
  #field!: HTMLInputElement;
  #list!: HTMLElement;
  #wait = 0;
  #asked: AbortController | undefined;

  connectedCallback(): void {
    if (this.#dialog) return;
    const pattern = document.querySelector<HTMLTemplateElement>("#palette-pattern");
    if (!pattern) return;
    this.append(pattern.content.cloneNode(true));
    this.#dialog = this.querySelector("dialog")!;
    this.#field = this.querySelector("input")!;
    this.#list = this.querySelector("[role=listbox]")!;
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#wait);
      this.#wait = window.setTimeout(() => void this.#search(), PAUSE);
    });
    this.addEventListener("keydown", (event) => this.#press(event));
    this.#dialog.addEventListener("close", () => this.removeAttribute("open"));
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.attributeChangedCallback();
  }

  attributeChangedCallback(): void {
    if (!this.#dialog || !this.hasAttribute("open") || this.#dialog.open) return;
    this.#dialog.showModal();
    this.#field.select();
    void this.#search();
  }

  async #search(): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const url = `${this.getAttribute("url") ?? ""}?q=${encodeURIComponent(this.#field.value.trim())}`;
    try {
      const { results } = await getJson<{ results: Hit[] }>(url, this.#asked.signal);
      this.#draw(results);
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.#draw([]);
    }
  }

  #draw(hits: Hit[]): void {
    const entries: HTMLElement[] = [];
    let group = "";
    for (const [number, hit] of hits.entries()) {
      if (hit.group !== group) {
        group = hit.group;
        entries.push(element("div", "palette-group", group));
      }
      entries.push(this.#entry(hit, number));
    }
    this.#list.replaceChildren(...entries);
    this.querySelector<HTMLElement>("[data-nothing]")!.hidden = hits.length > 0;
    this.#select(0);
  }

  #entry(hit: Hit, number: number): HTMLElement {
    const link = element("a", "palette-entry") as HTMLAnchorElement;
    link.href = hit.url;
    link.id = `palette-${number}`;
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    const icon = this.querySelector<HTMLTemplateElement>(`template[data-icon="${hit.icon}"]`);
    if (icon) link.append(icon.content.cloneNode(true));
    link.append(element("span", "palette-title", hit.title));
    if (hit.hint) link.append(element("span", "palette-hint", hit.hint));
    return link;
  }

  #press(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const options = this.#options();
      const at = options.findIndex((option) => option.ariaSelected === "true");
      this.#select((at + by + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#options().find((option) => option.ariaSelected === "true")?.click();
    }
  }

  #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  #select(number: number): void {
    const options = this.#options();
    for (const [at, option] of options.entries()) option.ariaSelected = String(at === number);
    const chosen = options[number];
    this.#field.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  }
}

function element(tag: string, name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

customElements.define("k-palette", Palette);
