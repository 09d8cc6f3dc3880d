// The editor of a flow. Its form and text area are the server's, and work without it: this shows the
// text better, completes it, has it checked after a pause, and keeps a draft. Saving is the form's.

import "./editor.css";
import type { EditorView } from "@codemirror/view";
import { send } from "../../shell/requests";
import { dropDraft, keepDraft, readDraft } from "./drafts";
import { Library } from "./knowledge";
import { ProblemList, type Problem } from "./problems";
import { suggestions } from "./suggestions";
import { goTo, makeView, mark } from "./view";

const TYPING_PAUSE = 200;

interface Checked {
  readonly problems: readonly Problem[];
  readonly graph: unknown;
  readonly revision: number | null;
  readonly savedBy?: string;
}

class Editor extends HTMLElement {
  /** Of the last source that held, for a topology that comes later than the answer. */
  graph: unknown;
  #view: EditorView | undefined;
  #leave: AbortController | undefined;
  #problems = new ProblemList((problem) => this.#view && goTo(this.#view, problem));
  #saved = "";
  #wait = 0;
  #asked = 0;
  #told: number | undefined;

  connectedCallback(): void {
    if (this.#view) return;
    this.#saved = this.#area.value;
    const library = new Library(this.getAttribute("types-url") ?? "", this.getAttribute("types-version") ?? "");
    this.#view = makeView({
      text: this.#saved,
      label: this.querySelector("label")?.textContent ?? "",
      isReadOnly: this.hasAttribute("readonly"),
      more: suggestions(library),
      changed: () => this.#changed(),
      save: () => this.#form?.requestSubmit(),
    });
    this.#area.hidden = true;
    this.#area.before(this.#view.dom);
    this.append(this.#problems.element);
    this.#listen();
    this.#offerDraft();
    void this.#check();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#wait);
    this.#leave?.abort();
    this.#view?.destroy();
    this.#view = undefined;
  }

  get #area(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  get #form(): HTMLFormElement | null {
    return this.closest("form");
  }

  get #revision(): HTMLInputElement | null {
    return this.#form?.querySelector<HTMLInputElement>("input[name=revision]") ?? null;
  }

  get #text(): string {
    return this.#view?.state.doc.toString() ?? "";
  }

  get #name(): string {
    return this.getAttribute("draft") ?? "";
  }

  #listen(): void {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    // what is typed into the search panel is no change of the source
    this.addEventListener("input", (event) => event.stopPropagation(), { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.#form?.addEventListener("submit", () => (this.#area.value = this.#text), { signal, capture: true });
    this.#form?.addEventListener("htmx:beforeOnLoad", (event) => this.#answered(event as CustomEvent), { signal });
    this.#form?.addEventListener("flow:saved", (event) => this.#keepRevision(event as CustomEvent), { signal });
    this.#form?.addEventListener("flow:newer", (event) => this.#tellNewer((event as CustomEvent).detail), { signal });
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    if (!this.hasAttribute("readonly")) this.#form?.requestSubmit();
  }

  #answered(event: CustomEvent<{ xhr: XMLHttpRequest }>): void {
    const { status } = event.detail.xhr;
    if (status >= 400) return;
    this.#saved = this.#area.value;
    if (this.#text === this.#saved) dropDraft(this.#name);
    this.#sayWhetherDirty();
  }

  #keepRevision(event: CustomEvent<{ revision: number }>): void {
    if (this.#revision) this.#revision.value = String(event.detail.revision);
    this.#dismiss();
  }

  #changed(): void {
    this.#sayWhetherDirty();
    clearTimeout(this.#wait);
    this.#wait = window.setTimeout(() => {
      this.#keep();
      void this.#check();
    }, TYPING_PAUSE);
  }

  #keep(): void {
    if (this.#text === this.#saved) dropDraft(this.#name);
    else keepDraft(this.#name, { source: this.#text, revision: this.#revision?.value ?? "" });
  }

  #sayWhetherDirty(): void {
    const name = this.#text === this.#saved ? "k:saved" : "k:dirty";
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }

  async #check(): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    let checked: Checked;
    try {
      const answer = await send(this.getAttribute("check-url") ?? "", { source: this.#text });
      checked = (await answer.json()) as Checked;
    } catch {
      this.#problems.say("Not checked: the server did not answer", "wait");
      return;
    }
    if (number !== this.#asked || !this.#view) return;
    mark(this.#view, checked.problems);
    this.#problems.show(checked.problems);
    if (checked.graph) {
      this.graph = checked.graph;
      this.dispatchEvent(new CustomEvent("k:graph", { bubbles: true, detail: checked.graph }));
    }
    const base = Number(this.#revision?.value || 0);
    if (base && checked.revision && checked.revision > base && this.#told !== checked.revision) {
      this.#tellNewer({ revision: checked.revision, by: checked.savedBy ?? "" });
    }
  }

  #offerDraft(): void {
    const draft = readDraft(this.#name);
    if (!draft || draft.source === this.#saved || this.hasAttribute("readonly")) return;
    this.#note("draft", (is) => {
      if (!is) return dropDraft(this.#name);
      this.#replace(draft.source);
      if (this.#revision && draft.revision) this.#revision.value = draft.revision;
    });
  }

  #tellNewer({ revision, by }: { revision: number; by: string }): void {
    this.#told = revision;
    const note = this.#note("newer", (over) => {
      if (over) {
        if (this.#revision) this.#revision.value = String(revision);
        this.#form?.requestSubmit();
      } else {
        dropDraft(this.#name);
        this.dispatchEvent(new CustomEvent("k:saved", { bubbles: true }));
        location.reload();
      }
    });
    note?.querySelector("[data-revision]")?.replaceChildren(String(revision));
    note?.querySelector("[data-by]")?.replaceChildren(by ? ` (${by})` : "");
  }

  #replace(text: string): void {
    this.#view?.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  #note(name: string, answered: (yes: boolean) => void): HTMLElement | undefined {
    const pattern = this.querySelector<HTMLTemplateElement>(`template[data-note=${name}]`);
    const note = pattern?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    if (!note) return undefined;
    note.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-answer]");
      if (!button) return;
      this.#dismiss();
      answered(button.dataset.answer === "yes");
    });
    this.querySelector("[data-notes]")?.replaceChildren(note);
    return note;
  }

  #dismiss(): void {
    this.querySelector("[data-notes]")?.replaceChildren();
  }
}

customElements.define("k-editor", Editor);
