// Messages in the corner. The server sends them with a page (in <template data-toasts>), or with an
// htmx answer as the event `toast`. Errors stay until they are closed.

export interface Toast {
  level: "success" | "info" | "warning" | "error";
  text: string;
  /** What an operator would want to copy: address, status, fields. */
  detail?: string;
}

const SHOWN_AT_ONCE = 4;
const SECONDS: Record<Toast["level"], number> = { success: 5, info: 6, warning: 10, error: 0 };

export function showToasts(): void {
  const sent = document.querySelector<HTMLElement>("[data-toasts]")?.dataset.toasts;
  for (const message of JSON.parse(sent || "[]") as Toast[]) toast(message);
  document.addEventListener("toast", (event) => {
    const { detail } = event as CustomEvent<{ value?: Toast[] } & Partial<Toast>>;
    for (const message of detail.value ?? [detail as Toast]) toast(message);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (!xhr.getResponseHeader("HX-Trigger")) {
      toast({ level: "error", text: wordsOf(xhr) });
    }
  });
  document.addEventListener("htmx:sendError", () => {
    toast({ level: "error", text: "The server does not answer. Is it running?" });
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const shown = target.closest<HTMLElement>(".toast");
    if (!shown) return;
    if (target.closest("[data-close]")) shown.remove();
    if (target.closest("[data-copy]")) void navigator.clipboard.writeText(shown.innerText);
  });
}

export function toast(message: Toast): void {
  const region = document.getElementById(message.level === "error" ? "alerts" : "toasts");
  const pattern = document.querySelector<HTMLTemplateElement>(`#toast-${message.level}`);
  if (!region || !pattern) return;
  const shown = pattern.content.firstElementChild!.cloneNode(true) as HTMLElement;
  fill(shown, ".toast-text", message.text);
  fill(shown, ".toast-detail", message.detail ?? "");
  region.append(shown);
  const all = document.querySelectorAll(".toast");
  if (all.length > SHOWN_AT_ONCE) all[0]?.remove();
  const seconds = SECONDS[message.level];
  if (seconds) setTimeout(() => shown.remove(), seconds * 1000);
}

function fill(shown: HTMLElement, selector: string, text: string): void {
  const place = shown.querySelector<HTMLElement>(selector);
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
}

function wordsOf(xhr: XMLHttpRequest): string {
  if (xhr.getResponseHeader("Content-Type")?.startsWith("application/json")) {
    return (JSON.parse(xhr.responseText) as { message?: string }).message ?? xhr.statusText;
  }
  return `The server answered ${xhr.status} ${xhr.statusText}`.trim();
}
