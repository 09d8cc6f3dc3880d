// CodeMirror with what this editor needs of it.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { look } from "./look";
import type { Problem } from "./problems";

export interface Wanted {
  readonly text: string;
  readonly label: string;
  readonly isReadOnly: boolean;
  readonly more: Extension;
  readonly changed: () => void;
  readonly save: () => void;
}

export function makeView({ text, label, isReadOnly, more, changed, save }: Wanted): EditorView {
  const keys = keymap.of([
    { key: "Mod-s", preventDefault: true, run: () => (save(), true) },
    ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
    ...completionKeymap, ...lintKeymap, indentWithTab,
  ]); // prettier-ignore
  const extensions: Extension = [
    lineNumbers(), foldGutter(), lintGutter(), history(), indentOnInput(), bracketMatching(), closeBrackets(),
    highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), EditorState.tabSize.of(2),
    indentUnit.of("  "), yaml(), look, keys, more, EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorView.updateListener.of((update) => update.docChanged && changed()),
  ]; // prettier-ignore
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }) });
  view.scrollDOM.tabIndex = 0;
  return view;
}

export function mark(view: EditorView, problems: readonly Problem[]): void {
  const { doc } = view.state;
  const found = problems.flatMap((problem): Diagnostic[] => {
    if (problem.line === null) return [];
    const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
    const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
    return [{ from, to: line.to, severity: problem.severity, message: problem.message }];
  });
  view.dispatch(setDiagnostics(view.state, found));
}

export function goTo(view: EditorView, problem: Problem): void {
  const { doc } = view.state;
  const line = doc.line(Math.min(Math.max(problem.line ?? 1, 1), doc.lines));
  const anchor = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  view.focus();
}
