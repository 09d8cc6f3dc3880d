// A line of the log as an element.

import { AnsiUp } from "ansi_up";

export type Line = [
  key: number,
  at: string,
  level: string,
  task: string | null,
  run: string | null,
  attempt: number | null,
  message: string,
];

const ESCAPE = "\u001b";

/** Without a line: the place of one that is on its way. */
export function drawLine(index: number, line: Line | undefined): HTMLElement {
  const row = part("div", "log-line");
  row.dataset.index = String(index);
  if (!line) {
    row.append(part("span", "log-number", String(index + 1)));
    return row;
  }
  const [key, at, level, task, , , message] = line;
  row.dataset.level = level;
  const number = part("a", "log-number", String(index + 1)) as HTMLAnchorElement;
  number.href = `#line-${key}`;
  number.title = "Copy a link to this line";
  const time = part("time", "log-time", timeOfDay(at)) as HTMLTimeElement;
  time.dateTime = at;
  time.title = new Date(at).toLocaleString(document.documentElement.lang);
  row.append(number, time, part("span", "log-level", level), part("span", "log-task", task ?? ""), text(message));
  return row;
}

function text(message: string): HTMLElement {
  const shown = part("span", "log-message");
  if (message.includes(ESCAPE)) {
    const colours = new AnsiUp();
    colours.use_classes = true;
    shown.innerHTML = colours.ansi_to_html(message); // it escapes what is not an escape sequence
  } else {
    shown.textContent = message;
  }
  return shown;
}

function timeOfDay(at: string): string {
  const moment = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const thousandths = String(moment.getMilliseconds()).padStart(3, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}.${thousandths}`;
}

function part(tag: string, name: string, content = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  if (content) made.textContent = content;
  return made;
}
