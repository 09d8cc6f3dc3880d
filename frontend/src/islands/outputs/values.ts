// The last column: a value, or a file with its size, a preview and a download.

import { getJson } from "../../shell/requests";
import { size, type Entry } from "./entries";

interface Preview {
  type: "LIST" | "TEXT" | "MARKDOWN" | "IMAGE";
  extension: string;
  content: unknown;
  truncated: boolean;
}

const FILE = "kestra:///";
const PREVIEW_ROWS = 100;

export function drawValue(entry: Entry, files: string): HTMLElement {
  const { value } = entry;
  const shown = made("div", "outputs-value");
  const head = made("div", "outputs-head");
  head.append(made("code", "outputs-path", `{{ ${entry.path} }}`));
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  head.append(copier(text));
  const body = made("pre", "outputs-text", text);
  body.tabIndex = 0;
  shown.append(head, body);
  if (typeof value === "string" && value.startsWith(FILE)) shown.append(drawFile(value, files));
  return shown;
}

function drawFile(uri: string, files: string): HTMLElement {
  const query = `path=${encodeURIComponent(uri)}`;
  const shown = made("div", "outputs-file");
  const bar = made("div", "outputs-bar");
  const download = made("a", "btn btn-small", "Download") as HTMLAnchorElement;
  download.href = `${files}?${query}`;
  download.download = uri.split("/").at(-1) ?? "";
  const look = made("button", "btn btn-small", "Preview") as HTMLButtonElement;
  look.type = "button";
  const told = made("span", "outputs-hint");
  bar.append(look, download, told);
  const place = made("div", "outputs-preview");
  shown.append(bar, place);
  void getJson<{ size: number }>(`${files}/metas?${query}`).then((meta) => (told.textContent = size(meta.size)));
  look.addEventListener("click", () => {
    look.disabled = true;
    void getJson<Preview>(`${files}/preview?${query}&maxRows=${PREVIEW_ROWS}`)
      .then((preview) => place.replaceChildren(drawPreview(preview)))
      .finally(() => (look.disabled = false));
  });
  return shown;
}

function drawPreview(preview: Preview): HTMLElement {
  const shown = made("div", "outputs-shown");
  if (preview.type === "IMAGE") {
    const image = made("img", "outputs-image") as HTMLImageElement;
    const kind = { svg: "svg+xml", jpg: "jpeg", ico: "x-icon" }[preview.extension] ?? preview.extension;
    image.src = `data:image/${kind};base64,${String(preview.content)}`;
    image.alt = "The picture in the file";
    shown.append(image);
  } else if (preview.type === "LIST" && Array.isArray(preview.content)) {
    shown.append(drawTable(preview.content));
  } else {
    const text = made("pre", "outputs-text", String(preview.content));
    text.tabIndex = 0;
    shown.append(text);
  }
  if (preview.truncated) shown.append(made("p", "outputs-hint", "This is the beginning: download the file for all of it."));
  return shown;
}

function drawTable(rows: unknown[]): HTMLElement {
  const frame = made("div", "table-frame");
  frame.tabIndex = 0;
  const table = made("table", "table table-compact");
  const isRecord = (row: unknown): row is Record<string, unknown> =>
    row !== null && typeof row === "object" && !Array.isArray(row);
  const names = [...new Set(rows.flatMap((row) => (isRecord(row) ? Object.keys(row) : ["value"])))];
  const head = made("tr", "");
  for (const name of names) {
    const cell = made("th", "", name) as HTMLTableCellElement;
    cell.scope = "col";
    head.append(cell);
  }
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = made("tr", "");
    for (const name of names) {
      const value = isRecord(row) ? row[name] : row;
      line.append(made("td", "", typeof value === "string" ? value : JSON.stringify(value ?? null)));
    }
    body.append(line);
  }
  const top = document.createElement("thead");
  top.append(head);
  table.append(top, body);
  frame.append(table);
  return frame;
}

function copier(text: string): HTMLElement {
  const shown = document.createElement("k-copy");
  shown.setAttribute("text", text);
  const button = made("button", "btn btn-ghost btn-small", "Copy") as HTMLButtonElement;
  button.type = "button";
  shown.append(button);
  return shown;
}

function made(tag: string, name: string, content = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (content) element.textContent = content;
  return element;
}
