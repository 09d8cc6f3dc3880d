// Menus are <details class="menu">: this closes them on Escape, on a click elsewhere, and when
// another opens, and moves through their entries with the arrow keys. <dialog data-confirm> and
// drawers open through [data-opens="id"] and close through [data-close].

const OPEN = "details.menu[open]";
const ENTRY = "a[href], button:not(:disabled), [role=menuitem]";

export function openMenus(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
      if (!menu.contains(target)) menu.open = false;
    }
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) dialog(opener.dataset.opens)?.showModal();
    const closer = target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement && target.matches("[data-light]")) target.close();
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest<HTMLDetailsElement>(OPEN);
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(menu, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

function dialog(id: string | undefined): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(id ?? "")}`);
}

function step(menu: HTMLElement, by: number): void {
  const entries = [...menu.querySelectorAll<HTMLElement>(`.menu-panel :is(${ENTRY})`)];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  entries.at((at + by + (at < 0 && by < 0 ? 1 : 0)) % entries.length)?.focus();
}
