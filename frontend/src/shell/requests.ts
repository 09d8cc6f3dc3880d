// Calls that are no htmx swap: a form post, or JSON for an island. A refusal becomes a toast with
// the server's words, and the promise rejects.

import { cookie } from "./cookies";
import { toast } from "./toasts";

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export async function send(url: string, fields: Record<string, string>): Promise<Response> {
  return call(url, { method: "POST", body: new URLSearchParams(fields) });
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await call(url, { headers: { Accept: "application/json" }, signal: signal ?? null });
  return (await response.json()) as T;
}

async function call(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("X-Requested-With", "XMLHttpRequest");
  if (init.method && init.method !== "GET") headers.set("X-CSRF-TOKEN", cookie("csrfToken"));
  const response = await fetch(url, { ...init, headers, credentials: "same-origin" });
  if (response.ok) return response;
  const told = await wordsOf(response);
  toast({ level: "error", text: told, detail: `${init.method ?? "GET"} ${url}: ${response.status}` });
  throw new Refused(response.status, told);
}

async function wordsOf(response: Response): Promise<string> {
  if (response.headers.get("Content-Type")?.startsWith("application/json")) {
    const body = (await response.json()) as { message?: string };
    if (body.message) return body.message;
  }
  return response.statusText || `The server answered ${response.status}`;
}
