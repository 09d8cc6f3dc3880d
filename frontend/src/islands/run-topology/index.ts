// The topology of an execution: the picture of its flow with the state of each task's last run,
// kept true while it runs. A click on a task says what it is and leads to its log.
//
//   <k-run-topology graph="…/graph" logs="…/logs"><k-topology></k-topology> …</k-run-topology>

import { getJson } from "../../shell/requests";
import { onLive, type RunRow } from "../live/messages";

interface Node {
  task?: { id?: string };
  taskRun?: { state?: { current?: string } };
}

interface Graph {
  nodes: Node[];
  clusters: { cluster: Node }[];
}

type Drawing = HTMLElement & { graph: Graph };

const DRAWN_EVERY = 300;

class RunTopology extends HTMLElement {
  #graph: Graph | undefined;
  #isWaiting = false;
  #stop: () => void = () => {};

  connectedCallback(): void {
    if (this.#graph) return;
    this.addEventListener("k:task", (event) => this.#tell((event as CustomEvent<{ task: string }>).detail.task));
    this.#stop = onLive((message) => {
      const isWhole = message.settled || (message.changed.includes("tasks") && !message.runs.length);
      if (isWhole) void this.#load();
      else this.#merge(message.runs);
    });
    void this.#load();
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  async #load(): Promise<void> {
    this.#graph = await getJson<Graph>(this.getAttribute("graph") ?? "");
    await customElements.whenDefined("k-topology");
    this.#draw();
  }

  /** Runs come in the order of their creation: the last one of a task counts. */
  #merge(runs: RunRow[]): void {
    if (!runs.length) return;
    const states = new Map(runs.map((run) => [run[2], run[6]]));
    for (const node of this.#nodes()) {
      const current = states.get(node.task?.id ?? "");
      if (current) node.taskRun = { ...node.taskRun, state: { current } };
    }
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#draw();
    }, DRAWN_EVERY);
  }

  #draw(): void {
    const drawing = this.querySelector<Drawing>("k-topology");
    if (drawing && this.#graph) drawing.graph = this.#graph;
  }

  #nodes(): Node[] {
    return [...(this.#graph?.nodes ?? []), ...(this.#graph?.clusters ?? []).map((each) => each.cluster)];
  }

  #tell(task: string): void {
    const place = this.querySelector<HTMLElement>("[data-told]")!;
    const state = this.#nodes().find((node) => node.task?.id === task && node.taskRun)?.taskRun?.state?.current;
    place.querySelector("[data-task-id]")!.textContent = task;
    const chip = this.querySelector<HTMLTemplateElement>(`template[data-for="${state ?? ""}"]`);
    place.querySelector("[data-task-state]")!.replaceChildren(...(chip ? [chip.content.cloneNode(true)] : []));
    const link = place.querySelector<HTMLAnchorElement>("a");
    if (link) link.href = `${this.getAttribute("logs")}?taskId=${encodeURIComponent(task)}`;
    place.hidden = false;
  }
}

customElements.define("k-run-topology", RunTopology);
