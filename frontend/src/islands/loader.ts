// Islands are custom elements `k-<name>`, each in a folder `islands/<name>/` whose `index.ts`
// defines it. Its script is fetched when the first such element stands in the page, be it sent with
// it, swapped in by htmx, or made by another script.

const scripts = import.meta.glob(["./*/index.ts"]);

export function watchIslands(): void {
  find(document);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof Element) find(node);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
}

function find(root: Document | Element): void {
  const unknown = [...root.querySelectorAll(":not(:defined)")];
  if (root instanceof Element && root.matches(":not(:defined)")) unknown.push(root);
  for (const name of new Set(unknown.map((element) => element.localName))) {
    const load = name.startsWith("k-") ? scripts[`./${name.slice(2)}/index.ts`] : undefined;
    if (load) void load();
  }
}
