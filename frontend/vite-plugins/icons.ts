// Collects the Lucide icons that templates and Python name into static/ui/icons.json, from which
// the template tag `icon` draws them. Every quoted word that is an icon's name counts: a few too
// many cost the server some hundred bytes each, one too few would be a hole in a page.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const SOURCES: readonly [folder: string, ending: string][] = [
  ["templates", ".html"],
  ["ui", ".py"],
];
const WORD = /["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']/g;

export function icons(project: string): Plugin {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")),
    "icons",
  );
  return {
    name: "icons",
    generateBundle() {
      const drawn: Record<string, string> = {};
      for (const name of [...wordsOf(project)].sort()) {
        const file = join(folder, `${name}.svg`);
        if (existsSync(file)) drawn[name] = contentOf(readFileSync(file, "utf8"));
      }
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify(drawn) });
    },
  };
}

function wordsOf(project: string): Set<string> {
  const words = new Set<string>();
  for (const [folder, ending] of SOURCES) {
    for (const file of filesIn(join(project, folder), ending)) {
      for (const match of readFileSync(file, "utf8").matchAll(WORD)) words.add(match[1] as string);
    }
  }
  return words;
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function contentOf(svg: string): string {
  return svg
    .replace(/<!--.*?-->/gs, "")
    .replace(/^\s*<svg[^>]*>/s, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "");
}
