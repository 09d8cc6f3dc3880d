// Durations as the server writes them (`ui/moments.py`).

const STEPS: readonly [size: number, name: string, smaller: number, smallerName: string][] = [
  [86_400, "d", 3_600, "h"],
  [3_600, "h", 60, "m"],
  [60, "m", 1, "s"],
];

/** `0.4s`, `41s`, `3m 41s`, `2h 5m`, `4d 3h`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  const whole = Math.floor(seconds);
  for (const [size, name, smaller, smallerName] of STEPS) {
    if (whole >= size) {
      return `${Math.floor(whole / size)}${name} ${Math.floor((whole % size) / smaller)}${smallerName}`;
    }
  }
  return `${whole}s`;
}
