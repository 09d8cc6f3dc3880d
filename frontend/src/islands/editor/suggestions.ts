// The pure completion and documentation, as CodeMirror asks for them.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { autocompletion, startCompletion } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { hoverTooltip, type EditorView } from "@codemirror/view";
import { complete, describe, requiredLines, type Offer, type Option } from "./complete";
import type { Library } from "./knowledge";
import { placeAt } from "./path";

const SCHEMAS_AT_ONCE = 8;
const ICONS: Record<Option["kind"], string> = {
  property: "property", type: "class", value: "enum", variable: "variable", function: "function", filter: "method",
}; // prettier-ignore

export function suggestions(library: Library): Extension {
  return [
    autocompletion({ override: [(context) => source(library, context)], maxRenderedOptions: 80, icons: false }),
    hoverTooltip((view, position) => documentation(library, view, position), { hoverTime: 250 }),
  ];
}

async function source(library: Library, context: CompletionContext): Promise<CompletionResult | null> {
  await library.ready;
  const text = context.state.doc.toString();
  const offer = await known(library, () => complete(text, context.pos, library));
  if (!offer || offer.options.length === 0) return null;
  if (!context.explicit && offer.from === context.pos && !/[:{.|-]\s?$/.test(text.slice(Math.max(0, context.pos - 2), context.pos))) {
    const line = context.state.doc.lineAt(context.pos);
    if (line.text.trim() === "" && context.pos !== line.to) return null;
  }
  return { from: offer.from, options: offer.options.map((option) => shown(library, option)), validFor: /^[\w.'[\]-]*$/ };
}

/** Fetches the schemas that the answer lacks, and asks again. */
async function known(library: Library, ask: () => Offer | undefined): Promise<Offer | undefined> {
  let offer = ask();
  for (let count = 0; offer?.missing && count < SCHEMAS_AT_ONCE; count += 1) {
    await library.fetch(offer.missing);
    offer = ask();
  }
  return offer;
}

function shown(library: Library, option: Option): Completion {
  const made: Completion = { label: option.label, type: ICONS[option.kind] };
  if (option.detail) made.detail = option.detail;
  if (option.info) made.info = option.info;
  if (option.isRequired) made.boost = 10;
  if (option.isDeprecated) made.boost = -50;
  if (option.kind === "type") made.apply = (view, _, from, to) => void applyType(library, view, option.label, from, to);
  else if (option.apply) made.apply = (view, _, from, to) => apply(view, option.apply as string, from, to);
  return made;
}

function apply(view: EditorView, text: string, from: number, to: number): void {
  const after = view.state.doc.lineAt(to).text.slice(to - view.state.doc.lineAt(to).from);
  const insert = text.includes(": ") || text.includes(":\n") ? (after.startsWith(":") ? text.split(":")[0] ?? text : text) : text;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.complete" });
  if (/[:-]\s+$/.test(insert)) startCompletion(view);
}

/** The type, and below it the properties that it cannot be without. */
async function applyType(library: Library, view: EditorView, type: string, from: number, to: number): Promise<void> {
  await library.fetch(type);
  const lines = requiredLines(library, type, placeAt(view.state.doc.toString(), from));
  const first = lines.indexOf(": ") < 0 ? lines.length : lines.indexOf(": ") + 2;
  view.dispatch({
    changes: { from, to, insert: type + lines },
    selection: { anchor: from + type.length + first },
    userEvent: "input.complete",
  });
}

async function documentation(library: Library, view: EditorView, position: number) {
  await library.ready;
  const text = view.state.doc.toString();
  let told = describe(text, position, library);
  if (told?.missing) {
    await library.fetch(told.missing);
    told = describe(text, position, library);
  }
  if (!told || (!told.text && !told.detail)) return null;
  const { title, detail, text: words } = told;
  return {
    pos: position,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "editor-hover";
      for (const [name, content] of [["b", title], ["span", detail], ["p", words]] as const) {
        if (!content) continue;
        const part = document.createElement(name);
        part.textContent = content;
        dom.append(part);
      }
      return { dom };
    },
  };
}
