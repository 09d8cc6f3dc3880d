import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { icons } from "./vite-plugins/icons.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/static/ui/",
  publicDir: here("public"),
  plugins: [tailwindcss(), icons(here(".."))],
  build: {
    outDir: here("../static/ui"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // the first versions that know light-dark()
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: [here("src/main.ts"), here("src/styles/main.css")],
      // htmx evaluates only what `allowEval` permits, and main.ts forbids it
      onwarn: (warning, warn) => (warning.code === "EVAL" ? undefined : warn(warning)),
    },
  },
});
