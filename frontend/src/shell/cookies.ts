// The few cookies that the server reads before it draws a page: nothing secret.

const A_YEAR = 31_536_000;

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function setCookie(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const text = encodeURIComponent(value);
  document.cookie = `${name}=${text}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax${secure}`;
}
