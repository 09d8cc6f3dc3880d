// Light, dark, or what the system says. The server writes the choice into <html data-theme>, so no
// page starts in the wrong colours; here it changes at once and is sent to be kept.
//
//   <button data-theme-choice="dark">

import { send } from "./requests";
import { setCookie } from "./cookies";

export function switchTheme(): void {
  mark();
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (!button) return;
    choose(button.dataset.themeChoice ?? "system");
    const keep = button.dataset.keep;
    if (keep) void send(keep, { theme: button.dataset.themeChoice ?? "system" });
  });
}

function choose(theme: string): void {
  document.documentElement.dataset.theme = theme;
  setCookie("theme", theme);
  mark();
  document.dispatchEvent(new CustomEvent("k:theme", { detail: theme }));
}

function mark(): void {
  const theme = document.documentElement.dataset.theme ?? "system";
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}
