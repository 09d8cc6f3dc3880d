// Lets Node's own test runner import the island's TypeScript: `node --import ./typescript.mjs`.

import { readFile } from "node:fs/promises";
import { register } from "node:module";

const HOOKS = `
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import ts from ${JSON.stringify(import.meta.resolve("typescript"))};

export async function resolve(specifier, context, next) {
  const isOurs = specifier.startsWith(".") && !/\\.\\w+$/.test(specifier);
  return next(isOurs ? specifier + ".ts" : specifier, context);
}
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const text = await readFile(fileURLToPath(url), "utf8");
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options });
  return { format: "module", source: outputText, shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);

/** What the editor knows of the types, from the file that KNOWLEDGE names. */
export async function readKnowledge() {
  const file = process.env.KNOWLEDGE;
  if (!file) throw new Error("KNOWLEDGE must name the file; pytest tests/ui/test_flow_scripts.py does");
  const { index, schemas } = JSON.parse(await readFile(file, "utf8"));
  const types = index.types.map(([name, kind, title, isDeprecated]) => ({ name, kind, title, isDeprecated }));
  return { ...index, types, schema: (name) => schemas[name] };
}
