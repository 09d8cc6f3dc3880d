// Rows, bars and the axis of time.

import { duration } from "../../shell/durations";
import type { GanttRow } from "./rows";

export interface Span {
  start: number;
  end: number;
  now: number;
}

const MARKS = 4;
const INDENT = 14;
const DEEPEST = 8;

export function drawRow(row: GanttRow, logs: string, icon: HTMLTemplateElement | null): HTMLElement {
  const item = part("div", "gantt-row");
  item.setAttribute("role", "listitem");
  item.dataset.state = row.state;
  item.toggleAttribute("data-attempt", row.isAttempt);
  const link = part("a", "gantt-link") as HTMLAnchorElement;
  link.href = `${logs}?taskRunId=${encodeURIComponent(row.run)}`;
  link.title = "Open its log";
  const name = part("span", "gantt-name");
  name.style.paddingLeft = `${INDENT * Math.min(row.depth, DEEPEST)}px`;
  if (icon) name.append(icon.content.cloneNode(true));
  name.append(part("span", "gantt-title", row.title));
  if (row.hint) name.append(part("span", "gantt-hint", row.hint));
  const track = part("span", "gantt-track");
  track.append(part("span", "gantt-queued"), part("span", "gantt-bar"), part("span", "gantt-length"));
  link.append(name, track);
  item.append(link);
  return item;
}

/** Bars and length as they are at `span.now`. */
export function placeRow(element: HTMLElement, row: GanttRow, span: Span): void {
  const track = element.querySelector<HTMLElement>(".gantt-track")!;
  const [queued, bar, length] = track.children as unknown as HTMLElement[];
  const whole = span.end - span.start;
  const share = (at: number): number => Math.min(100, Math.max(0, ((at - span.start) / whole) * 100));
  const to = row.to ?? span.now;
  const ran = row.ranFrom ?? to;
  place(queued!, share(row.from), share(ran));
  place(bar!, share(ran), share(to));
  bar!.hidden = row.ranFrom === undefined;
  const told = lasted(Math.max(0, to - row.from));
  if (length!.textContent !== told) length!.textContent = told;
  const isRight = share(to) > 80;
  length!.style.left = isRight ? "" : `calc(${share(to)}% + 6px)`;
  length!.style.right = isRight ? `calc(${100 - share(row.from)}% + 6px)` : "";
  length!.toggleAttribute("data-inside", isRight && share(row.from) < 20);
}

export function drawAxis(axis: HTMLElement, span: Span, isLive: boolean): void {
  while (axis.children.length < MARKS) axis.append(part("span", "gantt-mark"));
  const whole = span.end - span.start;
  for (const [number, mark] of [...axis.children].entries()) {
    const told = lasted((whole * number) / MARKS);
    if (mark.textContent !== told) mark.textContent = told;
    (mark as HTMLElement).style.left = `${(100 * number) / MARKS}%`;
  }
  axis.toggleAttribute("data-live", isLive);
}

/** Many tasks take no tenth of a second. */
function lasted(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)}ms` : duration(milliseconds);
}

function place(bar: HTMLElement, from: number, to: number): void {
  bar.style.left = `${from}%`;
  bar.style.width = `max(2px, ${to - from}%)`;
}

function part(tag: string, name: string, content = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  if (content) made.textContent = content;
  return made;
}
