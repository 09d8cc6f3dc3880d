// Asks before what was typed is lost. Any form or element with `data-guard` counts: it is dirty
// from the first input until it is submitted or says `k:saved`. An island says `k:dirty` itself.

const DIRTY = "[data-guard][data-dirty]";

export function guardForms(): void {
  const mark = (event: Event): void => {
    const guarded = (event.target as Element).closest<HTMLElement>("[data-guard]");
    if (guarded) guarded.dataset.dirty = "";
  };
  const clear = (event: Event): void => {
    const guarded = (event.target as Element).closest<HTMLElement>("[data-guard]");
    if (guarded) delete guarded.dataset.dirty;
  };
  document.addEventListener("input", mark);
  document.addEventListener("k:dirty", mark);
  document.addEventListener("submit", clear);
  document.addEventListener("k:saved", clear);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(DIRTY)) event.preventDefault();
  });
}
