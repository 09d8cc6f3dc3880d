// The graph of a flow, as the server gives it, to nested boxes that do not overlap.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { layOut } from "../layout";
import { boxOf } from "../model";

const graphs = JSON.parse(await readFile(process.env.GRAPHS, "utf8"));
const NODE = { width: 216, height: 48 };

function shape(box) {
  const own = box.branches.map((branch) => branch.rows.map((row) => row.map(name)));
  return box.head ? [name(box.head), ...own] : own;
}
function name(item) {
  return item.inner ? shape(item.inner) : item.node.task.id;
}
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test("tasks lie in their boxes, in their order", () => {
  const { root, triggers } = boxOf(graphs.showcase);
  assert.deepEqual(shape(triggers), [[["monthly"]]]);
  assert.deepEqual(shape(root), [
    [
      ["prepare"],
      [["collect", [["orders"]], [["refunds"]], [[["stock", [["count"], ["compare"]]]]]]],
      [["enough", [["full_report"], ["archive"]], [["short_report"]]]],
      ["send"],
    ],
    [["tell"]],
  ]);
});
test("branches have their names", () => {
  const { root } = boxOf(graphs.showcase);
  const enough = root.branches[0].rows[2][0].inner;
  assert.deepEqual(enough.branches.map((branch) => branch.label), ["then", "else"]);
  assert.deepEqual(root.branches.map((branch) => branch.label), ["", "errors"]);
});
test("what a Dag's task needs stands above it", () => {
  const dag = boxOf(graphs.dag).root.branches[0].rows[0][0].inner;
  assert.deepEqual(dag.branches.map((branch) => branch.rows.map((row) => row.map(name))), [[["a", "b"], ["c"]]]);
  assert.equal(dag.branches[0].links.length, 2);
});
for (const [called, graph] of Object.entries(graphs)) {
  test(`nothing overlaps: ${called}`, () => {
    const { nodes, boxes, width, height } = layOut(boxOf(graph));
    const placed = nodes.map((node) => ({ ...node, ...NODE }));
    placed.forEach((one, number) => {
      assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height);
      if (placed.length < 200) for (const other of placed.slice(number + 1)) assert.ok(!overlap(one, other));
    });
    for (const box of boxes) assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height);
  });
}
test("a thousand tasks are all there", (context) => {
  for (let round = 1; round <= 5; round += 1) {
    const began = performance.now();
    const boxes = boxOf(graphs.large);
    const read = performance.now();
    const { nodes } = layOut(boxes);
    const done = performance.now();
    context.diagnostic(`read ${(read - began).toFixed(1)} ms, laid out ${(done - read).toFixed(1)} ms`);
    assert.equal(nodes.length, 1100);
  }
});
