// Two revisions side by side, or one above the other where there is no room. The sources are the
// server's text areas, which stay for whoever has no scripts.

import "./diff.css";
import { yaml } from "@codemirror/lang-yaml";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { look } from "../editor/look";

const SIDE_BY_SIDE = 760;

class Diff extends HTMLElement {
  #view: MergeView | EditorView | undefined;
  #leave: AbortController | undefined;

  connectedCallback(): void {
    if (this.#view) return;
    const [left, right] = [...this.querySelectorAll("textarea")];
    if (!left || !right) return;
    const collapse = { margin: 4, minSize: 8 };
    const only = (area: HTMLTextAreaElement): Extension => [
      EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? "" }),
      lineNumbers(), yaml(), look, EditorView.lineWrapping,
    ]; // prettier-ignore
    if (this.clientWidth >= SIDE_BY_SIDE) {
      this.#view = new MergeView({
        a: { doc: left.value, extensions: only(left) },
        b: { doc: right.value, extensions: only(right) },
        parent: this,
        ...(left.value === right.value ? {} : { collapseUnchanged: collapse }),
      });
    } else {
      const merged = unifiedMergeView({ original: left.value, mergeControls: false, collapseUnchanged: collapse });
      const state = EditorState.create({ doc: right.value, extensions: [only(right), merged] });
      this.#view = new EditorView({ state, parent: this });
    }
    left.hidden = true;
    right.hidden = true;
    this.#submitAtOnce();
  }

  disconnectedCallback(): void {
    this.#leave?.abort();
    this.#view?.destroy();
    this.#view = undefined;
  }

  /** With a script the selectors need no button. */
  #submitAtOnce(): void {
    this.#leave = new AbortController();
    for (const choice of document.querySelectorAll<HTMLSelectElement>("select[data-submits]")) {
      choice.addEventListener("change", () => choice.form?.requestSubmit(), { signal: this.#leave.signal });
    }
  }
}

customElements.define("k-diff", Diff);
