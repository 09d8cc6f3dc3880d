// The text of a namespace file. The server sends a plain textarea in a form; this lays CodeMirror
// over it, keeps the textarea's value true, and saves by Ctrl-S. Without scripts the textarea stays.
//
//   <k-file-editor path="sql/orders.yml"><textarea name="content">…</textarea></k-file-editor>

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-text)" },
  { tag: tags.comment, color: "var(--subtle)", fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: "var(--text)" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--muted)" },
]);

const LOOK = EditorView.theme({
  "&": { minHeight: "60dvh", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--text)" },
  ".cm-gutters": { background: "transparent", color: "var(--subtle)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--accent-tint) !important",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-panels": { background: "var(--raised)", color: "var(--text)" },
});

class FileEditor extends HTMLElement {
  #view: EditorView | undefined;

  connectedCallback(): void {
    if (this.#view) return;
    const field = this.querySelector("textarea");
    if (!field) return;
    this.#view = new EditorView({
      state: EditorState.create({ doc: field.value, extensions: this.#extensions(field) }),
    });
    field.hidden = true;
    this.append(this.#view.dom);
    document.addEventListener("keydown", this.#saveByKey);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#saveByKey);
  }

  #extensions(field: HTMLTextAreaElement): Extension[] {
    const name = this.getAttribute("path") ?? "";
    return [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      /\.ya?ml$/i.test(name) ? [yaml(), syntaxHighlighting(COLOURS)] : [],
      EditorState.readOnly.of(field.readOnly),
      EditorView.contentAttributes.of({ "aria-label": field.getAttribute("aria-label") ?? name }),
      LOOK,
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        field.value = update.state.doc.toString();
        this.dispatchEvent(new CustomEvent("k:dirty", { bubbles: true }));
      }),
    ];
  }

  #saveByKey = (event: KeyboardEvent): void => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.closest("form")?.requestSubmit();
  };
}

customElements.define("k-file-editor", FileEditor);
