// The layout as SVG, made as one text: a thousand nodes are set in one go.

import { HEIGHT, WIDTH, type Layout, type PlacedBox, type PlacedLine, type PlacedNode } from "./layout";

const SHOWN = 26;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function draw(layout: Layout): string {
  return [
    ...layout.boxes.map(box),
    `<path class="topology-line" d="${layout.lines.filter((each) => !each.isDashed).map(curve).join("")}"/>`,
    `<path class="topology-line topology-line-dashed" d="${layout.lines.filter((each) => each.isDashed).map(curve).join("")}"/>`,
    ...layout.lines.filter((each) => each.label).map(label),
    ...layout.titles.map(({ x, y, text }) => `<text class="topology-value" x="${x}" y="${y}">${shown(text)}</text>`),
    ...layout.nodes.map(node),
  ].join("");
}

function curve({ x1, y1, x2, y2 }: PlacedLine): string {
  const middle = (y1 + y2) / 2;
  const tip = `M${x2 - 3.5} ${y2 - 5}L${x2} ${y2}L${x2 + 3.5} ${y2 - 5}`;
  return x1 === x2 ? `M${x1} ${y1}V${y2}${tip}` : `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}${tip}`;
}

function label({ x1, x2, y2, label: text }: PlacedLine): string {
  const x = x2 + (x1 === x2 ? 8 : 0);
  return `<text class="topology-value" x="${x}" y="${y2 - 10}" text-anchor="${x1 === x2 ? "start" : "middle"}">${shown(text)}</text>`;
}

function box({ item, x, y, width, height }: PlacedBox): string {
  const name = item.node.task?.id ?? "";
  return (
    `<g class="topology-box"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="12"/>` +
    `<text x="${x + width - 12}" y="${y + 20}" text-anchor="end">${shown(name)}</text></g>`
  );
}

function node({ item, x, y }: PlacedNode): string {
  const { node: own } = item;
  const id = own.task?.id ?? item.uid;
  const type = own.task?.type ?? "";
  const word = type.split(".").pop() ?? "";
  const state = own.taskRun?.state?.current;
  return (
    `<g class="topology-node" data-uid="${escape(item.uid)}" data-task="${escape(id)}"${state ? ` data-state="${escape(state)}"` : ""}` +
    ` transform="translate(${x} ${y})"><title>${escape(id)}\n${escape(type)}</title>` +
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8"/>${state ? `<path class="topology-state" d="M1.5 8V${HEIGHT - 8}"/>` : ""}` +
    `<rect class="topology-icon" x="10" y="12" width="24" height="24" rx="6" style="--hue:${hue(type)}"/>` +
    `<text class="topology-letter" x="22" y="29">${escape(word.slice(0, 1))}</text>` +
    `<text class="topology-id" x="44" y="21">${shown(id)}</text><text class="topology-type" x="44" y="37">${shown(word)}</text></g>`
  );
}

/** Types of one package have one colour. */
function hue(type: string): number {
  let sum = 0;
  for (const letter of type.slice(0, type.lastIndexOf("."))) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return sum;
}

function shown(text: string): string {
  return escape(text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => ESCAPES[letter] as string);
}
