// The filter bar: chips `field comparator value` that are edited in place, and a search box. The
// address is the state: every change makes a new one and says `k:filter`; the list follows.
//
//   <k-filter-bar fields='[{"name": "namespace", "label": "Namespace", ...}]'>

interface Field {
  name: string;
  label: string;
  operations: { name: string; label: string }[];
  choices: string[];
  hint: string;
}

const TYPING_PAUSE = 200;

class FilterBar extends HTMLElement {
  #fields: Field[] = [];
  #replaced = "";
  #wait = 0;

  connectedCallback(): void {
    this.#fields = JSON.parse(this.getAttribute("fields") ?? "[]") as Field[];
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("submit", (event) => this.#submit(event));
    this.addEventListener("input", (event) => this.#typed(event));
    this.addEventListener("change", (event) => {
      const { name, value } = event.target as HTMLSelectElement;
      if (name === "k-field") this.#offer(value);
    });
    this.#catchUp();
  }

  /** What was typed before this script was there. */
  #catchUp(): void {
    const typed = this.querySelector<HTMLInputElement>("input[name=q]")?.value.trim() ?? "";
    if (typed === (new URL(location.href).searchParams.get("q") ?? "")) return;
    const url = this.#fresh();
    this.#search(url);
    this.#go(url);
  }

  #click(event: Event): void {
    const target = event.target as Element;
    const chip = target.closest<HTMLElement>("[data-filter]");
    const removed = target.closest<HTMLAnchorElement>("a[data-remove]");
    if (removed) {
      event.preventDefault();
      this.#go(new URL(removed.href));
    } else if (chip) {
      this.#open(chip, chip.dataset.filter ?? "", chip.dataset.value ?? "");
    } else if (target.closest("[data-add-filter]")) {
      this.#open(target.closest("[data-add-filter]")!, "", "");
    } else if (target.closest("[data-cancel]")) {
      this.#editor.hidePopover();
    }
  }

  get #editor(): HTMLFormElement {
    return this.querySelector<HTMLFormElement>("form[popover]")!;
  }

  #open(anchor: Element, parameter: string, value: string): void {
    const [, name, operation] = /^filters\[(\w+)\]\[(\w+)\]$/.exec(parameter) ?? [];
    this.#replaced = parameter;
    const field = this.#editor.elements.namedItem("k-field") as HTMLSelectElement;
    field.value = name ?? this.#fields[0]?.name ?? "";
    this.#offer(field.value, operation, value);
    const { left, bottom } = anchor.getBoundingClientRect();
    this.#editor.style.left = `${Math.min(left, innerWidth - 340)}px`;
    this.#editor.style.top = `${bottom + 6}px`;
    this.#editor.showPopover();
    (name ? this.#value : field).focus();
  }

  get #value(): HTMLInputElement {
    return this.#editor.elements.namedItem("k-value") as HTMLInputElement;
  }

  #offer(name: string, operation?: string, value = ""): void {
    const field = this.#fields.find((one) => one.name === name);
    if (!field) return;
    const operations = this.#editor.elements.namedItem("k-operation") as HTMLSelectElement;
    operations.replaceChildren(...field.operations.map((one) => new Option(one.label, one.name)));
    if (operation) operations.value = operation;
    this.#value.value = value;
    this.#value.placeholder = field.hint;
    const known = this.querySelector("datalist");
    known?.replaceChildren(...field.choices.map((choice) => new Option(choice, choice)));
  }

  #submit(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const url = this.#fresh();
    if (form === this.#editor) {
      const given = new FormData(form);
      const text = String(given.get("k-value")).trim();
      if (this.#replaced) url.searchParams.delete(this.#replaced);
      if (text) {
        url.searchParams.append(`filters[${given.get("k-field")}][${given.get("k-operation")}]`, text);
      }
      this.#editor.hidePopover();
    } else {
      this.#search(url);
    }
    this.#go(url);
  }

  #typed(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (field.name !== "q") return;
    clearTimeout(this.#wait);
    this.#wait = window.setTimeout(() => {
      const url = this.#fresh();
      this.#search(url);
      this.#go(url);
    }, TYPING_PAUSE);
  }

  #search(url: URL): void {
    const text = this.querySelector<HTMLInputElement>("input[name=q]")?.value.trim() ?? "";
    if (text) url.searchParams.set("q", text);
    else url.searchParams.delete("q");
  }

  #fresh(): URL {
    const url = new URL(location.href);
    url.searchParams.delete("page");
    return url;
  }

  #go(url: URL): void {
    const detail = { url: url.pathname + url.search };
    this.dispatchEvent(new CustomEvent("k:filter", { detail, bubbles: true }));
  }
}

customElements.define("k-filter-bar", FilterBar);
