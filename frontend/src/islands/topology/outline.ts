// The same as nested lists, for whoever does not see the drawing.

import type { Box, Item } from "./model";

export function outlineOf(box: Box): HTMLElement {
  const list = document.createElement("ol");
  for (const branch of box.branches) {
    for (const item of branch.rows.flat()) list.append(entry(item, branch.label));
  }
  return list;
}

function entry(item: Item, label: string): HTMLElement {
  const line = document.createElement("li");
  const { task } = item.inner?.head?.node ?? item.node;
  const name = document.createElement("b");
  name.textContent = task?.id ?? item.uid;
  const words = document.createElement("span");
  words.textContent = ` ${task?.type?.split(".").pop() ?? ""}${label ? ` (${label})` : ""}`;
  line.append(name, words);
  if (item.inner) line.append(outlineOf(item.inner));
  return line;
}
