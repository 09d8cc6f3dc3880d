// Bars stacked by state, drawn from the table that the server sent: its head names the states, each
// row is a bar. The table stays as the words for it, behind "View as table"; a click on a bar
// follows the link of its row.
//
//   <k-chart label="Executions by state"><div data-frame></div><details><table>…</table></details>

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  Tooltip,
  type ChartDataset,
} from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

class StateChart extends HTMLElement {
  #chart: Chart<"bar", number[], string> | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #dark = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.disconnectedCallback();
    this.#draw();
    document.addEventListener("k:theme", this.#redraw);
    this.#dark.addEventListener("change", this.#redraw);
  }

  disconnectedCallback(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#canvas?.remove();
    this.#canvas = undefined;
    document.removeEventListener("k:theme", this.#redraw);
    this.#dark.removeEventListener("change", this.#redraw);
  }

  #redraw = (): void => {
    if (this.isConnected) this.connectedCallback();
  };

  #draw(): void {
    const table = this.querySelector("table");
    const frame = this.querySelector("[data-frame]");
    if (!table || !frame) return;
    this.#canvas = document.createElement("canvas");
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", this.getAttribute("label") ?? "");
    frame.replaceChildren(this.#canvas);
    const rows = [...table.tBodies[0]!.rows];
    const muted = this.#colour("var(--muted)");
    const faint = this.#colour("var(--border-soft)");
    this.#chart = new Chart<"bar", number[], string>(this.#canvas, {
      type: "bar",
      data: {
        labels: rows.map((row) => row.cells[0]!.textContent?.trim() ?? ""),
        datasets: this.#series(table, rows),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        font: { family: getComputedStyle(this).fontFamily },
        scales: {
          x: { stacked: true, grid: { display: false }, ticks: { color: muted, maxRotation: 0, autoSkipPadding: 12 } },
          y: { stacked: true, beginAtZero: true, border: { display: false }, grid: { color: faint }, ticks: { color: muted, precision: 0 } },
        },
        onClick: (_event, hit) => rows[hit[0]?.index ?? -1]?.querySelector("a")?.click(),
        onHover: (event, hit) => {
          (event.native?.target as HTMLElement).style.cursor = hit.length ? "pointer" : "";
        },
      },
    });
  }

  #series(table: HTMLTableElement, rows: HTMLTableRowElement[]): ChartDataset<"bar", number[]>[] {
    const heads = [...table.tHead!.rows[0]!.cells];
    const gap = this.#colour("var(--surface)");
    const series: ChartDataset<"bar", number[]>[] = [];
    for (const [column, head] of heads.entries()) {
      if (!head.dataset.state) continue;
      series.push({
        label: head.textContent?.trim() ?? "",
        data: rows.map((row) => Number(row.cells[column]?.dataset.number ?? 0)),
        backgroundColor: getComputedStyle(head.querySelector("[data-swatch]") ?? head).backgroundColor,
        borderColor: gap,
        borderWidth: { top: 1 },
        maxBarThickness: 36,
        borderSkipped: false,
      });
    }
    return series;
  }

  /** What a token is in the theme that counts. */
  #colour(token: string): string {
    const probe = document.createElement("span");
    probe.style.color = token;
    this.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }
}

customElements.define("k-chart", StateChart);
