// Lists: rows that are selected show the bulk bar, arrow keys move between rows, and a filter bar's
// `k:filter` fetches the list of the new address.

import { htmx } from "./htmx";

export function followLists(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const list = box.closest<HTMLElement>("[data-list]");
    if (!list || box.type !== "checkbox") return;
    if (box.matches("[data-select-all]")) {
      for (const one of boxes(list)) one.checked = box.checked;
    }
    showSelection(list);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const list of document.querySelectorAll<HTMLElement>("[data-list]")) showSelection(list);
  });
  document.addEventListener("k:filter", (event) => {
    const { url } = (event as CustomEvent<{ url: string }>).detail;
    const list = (event.target as Element).closest<HTMLElement>("[data-list]");
    if (!list) return;
    void htmx.ajax("get", url, { source: list, target: list, swap: "morph:outerHTML", push: url } as never);
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (!target.closest("[data-clear-selection]")) return;
    const list = target.closest<HTMLElement>("[data-list]");
    if (!list) return;
    for (const one of list.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) one.checked = false;
    showSelection(list);
  });
  document.addEventListener("keydown", moveBetweenRows);
}

function boxes(list: HTMLElement): HTMLInputElement[] {
  return [...list.querySelectorAll<HTMLInputElement>("input[data-select]")];
}

function showSelection(list: HTMLElement): void {
  const all = boxes(list);
  const chosen = all.filter((box) => box.checked).length;
  const bar = list.querySelector<HTMLElement>("[data-bulk]");
  if (bar) {
    bar.hidden = chosen === 0;
    for (const count of bar.querySelectorAll("[data-count]")) count.textContent = String(chosen);
  }
  const whole = list.querySelector<HTMLInputElement>("[data-select-all]");
  if (whole) {
    whole.checked = chosen > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
  }
}

function moveBetweenRows(event: KeyboardEvent): void {
  const link = (event.target as Element).closest<HTMLElement>("[data-list] tbody a[data-row]");
  if (!link || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const links = [...link.closest("tbody")!.querySelectorAll<HTMLElement>("a[data-row]")];
  const next = links[links.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
