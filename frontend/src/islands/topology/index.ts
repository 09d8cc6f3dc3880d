// The picture of a flow: nested boxes, moved by dragging, the wheel, arrow keys and buttons.
//
//   <k-topology url="…/graph">            fetches its graph
//   <k-topology follows="k-editor">       draws what that element says with `k:graph`
//   <k-topology … still>                  inside a page that scrolls: the wheel is the page's
//
// Emits `k:task` with the id of a task that was clicked.

import "./topology.css";
import { getJson } from "../../shell/requests";
import { draw } from "./draw";
import { layOut } from "./layout";
import { boxOf, type Box, type Graph } from "./model";
import { outlineOf } from "./outline";

const ZOOM_STEP = 1.25;
const [NEAREST, FARTHEST] = [2, 0.05];
const MOVE = 60;
const SVG = "http://www.w3.org/2000/svg";
const BUTTONS = [["+", "Zoom in"], ["−", "Zoom out"], ["⤢", "Fit"], ["☰", "List"]] as const;

class Topology extends HTMLElement {
  #drawing: SVGSVGElement | undefined;
  #list: HTMLElement | undefined;
  #leave: AbortController | undefined;
  #size = { width: 1, height: 1 };
  #at = { x: 0, y: 0, zoom: 1 };
  #whole: Box | undefined;
  #isTouched = false;

  connectedCallback(): void {
    this.#leave?.abort();
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const follows = this.getAttribute("follows");
    const url = this.getAttribute("url");
    if (follows) {
      document.addEventListener(
        "k:graph",
        (event) => {
          if ((event.target as Element).matches(follows)) this.graph = (event as CustomEvent<Graph>).detail;
        },
        { signal },
      );
      const now = document.querySelector<HTMLElement & { graph?: Graph }>(follows)?.graph;
      if (now) this.graph = now;
    } else if (url) {
      void getJson<Graph>(url, signal).then(
        (graph) => (this.graph = graph),
        (error: unknown) => signal.aborted || console.warn("the graph did not come", error),
      );
    }
  }

  disconnectedCallback(): void {
    this.#leave?.abort();
  }

  set graph(graph: Graph) {
    if (!this.#drawing) this.#build();
    const boxes = boxOf(graph);
    const layout = layOut(boxes);
    this.#size = layout;
    const layer = this.#drawing?.firstElementChild;
    if (layer) layer.innerHTML = draw(layout);
    this.#whole = { uid: "", head: undefined, branches: [...(boxes.triggers?.branches ?? []), ...boxes.root.branches] };
    this.#fillList();
    if (!this.#isTouched) this.#fit();
  }

  #build(): void {
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("class", "topology-drawing");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("tabindex", "0");
    drawing.setAttribute("aria-label", this.getAttribute("label") ?? "");
    drawing.append(document.createElementNS(SVG, "g"));
    const list = document.createElement("div");
    list.className = "topology-list";
    list.hidden = true;
    this.#drawing = drawing;
    this.#list = list;
    this.replaceChildren(drawing, list, this.#buttons());
    drawing.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    drawing.addEventListener("pointerdown", (event) => this.#drag(event));
    drawing.addEventListener("keydown", (event) => this.#pressed(event));
    drawing.addEventListener("click", (event) => {
      const task = (event.target as Element).closest<SVGElement>(".topology-node")?.dataset.task;
      if (task) this.dispatchEvent(new CustomEvent("k:task", { bubbles: true, detail: { task } }));
    });
    new ResizeObserver(() => this.#isTouched || this.#fit()).observe(this);
  }

  #buttons(): HTMLElement {
    const bar = document.createElement("div");
    bar.className = "topology-buttons";
    const acts = [() => this.#zoom(ZOOM_STEP), () => this.#zoom(1 / ZOOM_STEP), () => this.#fit(), () => this.#toggleList()];
    BUTTONS.forEach(([sign, words], number) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-icon btn-small";
      button.textContent = sign;
      button.title = words;
      button.setAttribute("aria-label", words);
      button.addEventListener("click", acts[number] as () => void);
      bar.append(button);
    });
    return bar;
  }

  #toggleList(): void {
    if (!this.#list) return;
    this.#list.hidden = !this.#list.hidden;
    this.#fillList();
  }

  #fillList(): void {
    if (this.#whole && this.#list && !this.#list.hidden) this.#list.replaceChildren(outlineOf(this.#whole));
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this;
    if (!clientWidth || !clientHeight) return;
    const whole = Math.min(clientWidth / this.#size.width, clientHeight / this.#size.height);
    // a long flow is shown from its top, large enough to be read
    const zoom = Math.min(1, Math.max(whole, Math.min(0.6, clientWidth / this.#size.width)));
    const y = this.#size.height * zoom > clientHeight ? 0 : (clientHeight - this.#size.height * zoom) / 2;
    this.#at = { x: (clientWidth - this.#size.width * zoom) / 2, y, zoom };
    this.#isTouched = false;
    this.#show();
  }

  #zoom(by: number, x = this.clientWidth / 2, y = this.clientHeight / 2): void {
    const zoom = Math.min(NEAREST, Math.max(FARTHEST, this.#at.zoom * by));
    const ratio = zoom / this.#at.zoom;
    this.#moveTo(x - (x - this.#at.x) * ratio, y - (y - this.#at.y) * ratio, zoom);
  }

  #moveTo(x: number, y: number, zoom = this.#at.zoom): void {
    this.#at = { x, y, zoom };
    this.#isTouched = true;
    this.#show();
  }

  #show(): void {
    const { x, y, zoom } = this.#at;
    this.#drawing?.firstElementChild?.setAttribute("transform", `translate(${x} ${y}) scale(${zoom})`);
  }

  #wheel(event: WheelEvent): void {
    if (this.hasAttribute("still") && !event.ctrlKey) return;
    event.preventDefault();
    const frame = this.getBoundingClientRect();
    if (event.ctrlKey) this.#zoom(Math.exp(-event.deltaY / 200), event.clientX - frame.left, event.clientY - frame.top);
    else this.#moveTo(this.#at.x - event.deltaX, this.#at.y - event.deltaY);
  }

  #drag(start: PointerEvent): void {
    if (start.button !== 0 || !this.#drawing) return;
    const { x, y } = this.#at;
    const done = new AbortController();
    const { signal } = done;
    window.addEventListener("pointermove", (event) => this.#moveTo(x + event.clientX - start.clientX, y + event.clientY - start.clientY), { signal });
    window.addEventListener("pointerup", () => done.abort(), { signal });
    window.addEventListener("pointercancel", () => done.abort(), { signal });
  }

  #pressed(event: KeyboardEvent): void {
    const { x, y } = this.#at;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.#moveTo(x + MOVE, y), ArrowRight: () => this.#moveTo(x - MOVE, y),
      ArrowUp: () => this.#moveTo(x, y + MOVE), ArrowDown: () => this.#moveTo(x, y - MOVE),
      "+": () => this.#zoom(ZOOM_STEP), "-": () => this.#zoom(1 / ZOOM_STEP), "0": () => this.#fit(),
    }; // prettier-ignore
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }
}

customElements.define("k-topology", Topology);
