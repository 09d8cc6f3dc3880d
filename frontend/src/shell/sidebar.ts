// The sidebar: narrow or wide on a desk, a sheet on a small screen. The choice is a cookie, so that
// the server draws the page as it was left.

import { setCookie } from "./cookies";

export function rememberSidebar(): void {
  const root = document.documentElement;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-sidebar-fold]")) {
      const folded = root.dataset.sidebar !== "folded";
      root.dataset.sidebar = folded ? "folded" : "open";
      setCookie("sidebar", root.dataset.sidebar);
      target.closest("[data-sidebar-fold]")?.setAttribute("aria-expanded", String(!folded));
    } else if (target.closest("[data-sheet-open]")) {
      setSheet(true);
    } else if (target.closest("[data-sheet-close]")) {
      setSheet(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && "sheet" in root.dataset) setSheet(false);
  });
}

function setSheet(open: boolean): void {
  const root = document.documentElement;
  const sidebar = document.getElementById("sidebar");
  const content = document.getElementById("content");
  if (open) root.dataset.sheet = "open";
  else delete root.dataset.sheet;
  if (content) content.inert = open;
  document.querySelector("[data-sheet-open]")?.setAttribute("aria-expanded", String(open));
  const next = open ? sidebar : document;
  next?.querySelector<HTMLElement>(open ? "a, button" : "[data-sheet-open]")?.focus();
}
