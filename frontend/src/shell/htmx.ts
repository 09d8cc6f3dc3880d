// htmx for the whole page. The morph extension looks for `window.htmx`, so this module comes first.

import htmx from "htmx.org/dist/htmx.esm.js";
import { cookie } from "./cookies";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollIntoViewOnBoost = false;
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>)
    .detail;
  if (verb !== "get") headers["X-CSRF-TOKEN"] = cookie("csrfToken");
});

export { htmx };
