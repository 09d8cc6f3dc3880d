// Keeps "5 minutes ago" true: every <time data-relative> is written anew each half minute, while
// the page is seen. The exact time is in its title.

import { cookie, setCookie } from "./cookies";

const STEPS: readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [31_536_000, "year"],
  [2_592_000, "month"],
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];
const REFRESHED_EVERY = 30_000;

export function keepTimesFresh(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && cookie("zone") !== zone) setCookie("zone", zone);
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const refresh = (): void => {
    if (document.hidden) return;
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
      const told = relative(Date.parse(time.dateTime), format);
      if (time.textContent !== told) time.textContent = told;
    }
  };
  setInterval(refresh, REFRESHED_EVERY);
  document.addEventListener("visibilitychange", refresh);
}

function relative(moment: number, format: Intl.RelativeTimeFormat): string {
  const seconds = (moment - Date.now()) / 1000;
  for (const [size, unit] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}
