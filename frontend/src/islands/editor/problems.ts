// The list under the editor: what is wrong, with its line; a click leads there.

export interface Problem {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
}

export class ProblemList {
  readonly element = document.createElement("section");
  readonly #head = document.createElement("p");
  readonly #list = document.createElement("ul");

  constructor(readonly go: (problem: Problem) => void) {
    this.element.className = "editor-problems";
    this.element.setAttribute("aria-label", "Problems");
    this.#head.className = "editor-status";
    this.#head.setAttribute("role", "status");
    this.element.append(this.#head, this.#list);
  }

  say(words: string, state: "good" | "bad" | "wait"): void {
    this.#head.textContent = words;
    this.#head.dataset.is = state;
  }

  show(problems: readonly Problem[]): void {
    const count = problems.filter((each) => each.severity === "error").length;
    const more = problems.length - count;
    const words = [count && `${count} ${count === 1 ? "error" : "errors"}`, more && `${more} ${more === 1 ? "warning" : "warnings"}`];
    if (problems.length === 0) this.say("No problems", "good");
    else this.say(words.filter(Boolean).join(", "), count ? "bad" : "good");
    this.#list.replaceChildren(...problems.map((problem) => this.#entry(problem)));
  }

  #entry(problem: Problem): HTMLElement {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.severity = problem.severity;
    const place = document.createElement("span");
    place.textContent = problem.line === null ? problem.path || "flow" : `line ${problem.line}`;
    const words = document.createElement("span");
    words.textContent = problem.line === null || !problem.path ? problem.message : `${problem.path}: ${problem.message}`;
    button.append(place, words);
    button.addEventListener("click", () => this.go(problem));
    entry.append(button);
    return entry;
  }
}
