// Sizes from the inside out, then places from the outside in. Pixels.

import type { Box, Branch, Item } from "./model";

export const WIDTH = 216;
export const HEIGHT = 48;
const GAP_X = 28;
const GAP_Y = 36;
const PADDING = 16;
const LABEL = 20;

export interface PlacedNode {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLine {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly isDashed: boolean;
  readonly label: string;
}

/** Of a branch that nothing leads to: errors, finally. */
export interface PlacedTitle {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Layout {
  readonly titles: readonly PlacedTitle[];
  readonly nodes: readonly PlacedNode[];
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly PlacedLine[];
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function layOut({ root, triggers }: { root: Box; triggers: Box | undefined }): Layout {
  return new Placing().run(root, triggers);
}

class Placing {
  readonly #sizes = new Map<Item | Box | Branch, Size>();
  readonly #nodes: PlacedNode[] = [];
  readonly #boxes: PlacedBox[] = [];
  readonly #lines: PlacedLine[] = [];
  readonly #titles: PlacedTitle[] = [];
  readonly #at = new Map<Item, { x: number; y: number } & Size>();

  run(root: Box, triggers: Box | undefined): Layout {
    const own = this.#sizeOfBox(root);
    const above = triggers ? this.#sizeOfBox(triggers) : { width: 0, height: 0 };
    const width = Math.max(own.width, above.width) + 2 * PADDING;
    const y = PADDING + (triggers ? above.height + GAP_Y : labelled(root));
    this.#placeBox(root, (width - own.width) / 2, y);
    if (triggers) this.#placeTriggers(triggers, root, width);
    const height = y + own.height + PADDING;
    return { nodes: this.#nodes, boxes: this.#boxes, lines: this.#lines, titles: this.#titles, width, height };
  }

  #size(item: Item): Size {
    if (!item.inner) return { width: WIDTH, height: HEIGHT };
    const known = this.#sizes.get(item);
    if (known) return known;
    const inner = this.#sizeOfBox(item.inner);
    const size = { width: inner.width + 2 * PADDING, height: inner.height + 2 * PADDING + LABEL };
    this.#sizes.set(item, size);
    return size;
  }

  #sizeOfBox(box: Box): Size {
    const known = this.#sizes.get(box);
    if (known) return known;
    let width = 0;
    let height = 0;
    for (const branch of box.branches) {
      const size = this.#sizeOfBranch(branch);
      width += size.width + (width ? GAP_X : 0);
      height = Math.max(height, size.height);
    }
    if (box.head) {
      width = Math.max(width, WIDTH);
      height += HEIGHT + (box.branches.length ? GAP_Y + labelled(box) : 0);
    }
    const size = { width: Math.max(width, box.head ? WIDTH : 0), height };
    this.#sizes.set(box, size);
    return size;
  }

  #sizeOfBranch(branch: Branch): Size {
    const known = this.#sizes.get(branch);
    if (known) return known;
    let width = 0;
    let height = 0;
    for (const row of branch.rows) {
      const size = this.#sizeOfRow(row);
      width = Math.max(width, size.width);
      height += size.height + (height ? GAP_Y : 0);
    }
    const size = { width, height };
    this.#sizes.set(branch, size);
    return size;
  }

  #sizeOfRow(row: readonly Item[]): Size {
    let width = -GAP_X;
    let height = 0;
    for (const item of row) {
      const size = this.#size(item);
      width += size.width + GAP_X;
      height = Math.max(height, size.height);
    }
    return { width, height };
  }

  #placeBox(box: Box, x: number, y: number): void {
    const size = this.#sizeOfBox(box);
    let top = y;
    if (box.head) {
      this.#placeItem(box.head, x + (size.width - WIDTH) / 2, y);
      top += HEIGHT + GAP_Y + labelled(box);
    }
    const wide = box.branches.reduce((sum, each) => sum + this.#sizeOfBranch(each).width + GAP_X, -GAP_X);
    let left = x + (size.width - wide) / 2;
    for (const branch of box.branches) {
      const own = this.#sizeOfBranch(branch);
      this.#placeBranch(branch, left, top);
      if (box.head) this.#fork(box.head, branch);
      else if (branch.label) this.#titles.push({ x: left, y: top - 8, text: branch.label });
      left += own.width + GAP_X;
    }
  }

  #placeBranch(branch: Branch, x: number, y: number): void {
    const { width } = this.#sizeOfBranch(branch);
    let top = y;
    for (const row of branch.rows) {
      const size = this.#sizeOfRow(row);
      let left = x + (width - size.width) / 2;
      for (const item of row) {
        this.#placeItem(item, left, top);
        left += this.#size(item).width + GAP_X;
      }
      top += size.height + GAP_Y;
    }
    for (const { from, to } of branch.links) this.#line(from, to, branch.isError, "");
  }

  #placeItem(item: Item, x: number, y: number): void {
    const size = this.#size(item);
    this.#at.set(item, { x, y, ...size });
    if (!item.inner) {
      this.#nodes.push({ item, x, y });
      return;
    }
    this.#boxes.push({ item, x, y, ...size });
    this.#placeBox(item.inner, x + PADDING, y + PADDING + LABEL);
  }

  #fork(head: Item, branch: Branch): void {
    branch.rows[0]?.forEach((item, number) => {
      this.#line(head, item, branch.isError, number === 0 ? branch.label : "");
    });
  }

  #line(from: Item, to: Item, isDashed: boolean, label: string): void {
    const a = this.#at.get(from);
    const b = this.#at.get(to);
    if (!a || !b) return;
    const line = { x1: a.x + a.width / 2, y1: a.y + a.height, x2: b.x + b.width / 2, y2: b.y, isDashed, label };
    this.#lines.push(line);
  }

  /** Above the first task, with a line from each to it. */
  #placeTriggers(triggers: Box, root: Box, width: number): void {
    const own = this.#sizeOfBox(triggers).width;
    const first = root.branches.find((each) => !each.label)?.rows[0]?.[0];
    const at = first && this.#at.get(first);
    const x = (at ? at.x + at.width / 2 : width / 2) - own / 2;
    this.#placeBox(triggers, Math.min(Math.max(x, PADDING), width - PADDING - own), PADDING);
    for (const branch of triggers.branches) {
      const trigger = branch.rows[0]?.[0];
      if (trigger && first) this.#line(trigger, first, true, "");
    }
  }
}

function labelled(box: Box): number {
  return box.branches.some((branch) => branch.label) ? LABEL : 0;
}
