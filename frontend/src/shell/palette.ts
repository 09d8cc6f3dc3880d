// Ctrl-K or Cmd-K, or a click on the search button. The palette's own script comes with the first
// use.

export function openPalette(): void {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (open()) event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette]")) open();
  });
}

function open(): boolean {
  const url = document.querySelector<HTMLElement>("[data-palette]")?.dataset.palette;
  if (!url) return false;
  let palette = document.querySelector("k-palette");
  if (!palette) {
    palette = document.createElement("k-palette");
    palette.setAttribute("url", url);
    document.body.append(palette);
  }
  palette.toggleAttribute("open", true);
  return true;
}
