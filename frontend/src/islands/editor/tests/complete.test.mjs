// A position in a source (`|` marks it) and what is offered there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, describe, requiredLines } from "../complete";
import { placeAt } from "../path";
import { readKnowledge } from "./typescript.mjs";

const knowledge = await readKnowledge();
const LOG = "io.kestra.plugin.core.log.Log";
const IF = "io.kestra.plugin.core.flow.If";

function at(marked) {
  const position = marked.indexOf("|");
  return [marked.slice(0, position) + marked.slice(position + 1), position];
}
function labels(marked) {
  const offer = complete(...at(marked), knowledge);
  return offer?.options.map((option) => option.label) ?? [];
}
function offers(marked, wanted, unwanted = []) {
  const found = labels(marked);
  for (const label of wanted) assert.ok(found.includes(label), `${label} is missing in [${found}]`);
  for (const label of unwanted) assert.ok(!found.includes(label), `${label} should not be in [${found}]`);
}

test("keys of the flow, without those that are there", () => {
  offers("id: a\n|\ntasks:\n  - id: b\n", ["namespace", "triggers", "inputs", "errors"], ["id", "tasks"]);
});
test("keys of the flow in an empty source", () => offers("|", ["id", "namespace", "tasks"]));
test("keys of the flow while one is being written", () => offers("id: a\nnam|", ["namespace"]));
test("keys after a list that ended", () => offers("tasks:\n  - id: a\n    type: x\n|", ["triggers"], ["message"]));

test("a new task has an id and a type", () => {
  assert.deepEqual(labels("tasks:\n  - |"), ["id", "type"]);
  assert.deepEqual(labels("tasks:\n  - id: a\n    |"), ["type"]);
});
test("a list at the column of its key", () => assert.deepEqual(labels("tasks:\n- id: a\n  |"), ["type"]));
test("keys of a task by its type", () => {
  offers(`tasks:\n  - id: a\n    type: ${LOG}\n    |`, ["message", "level", "retry"], ["id", "type", "tasks"]);
});
test("keys of a task whose type stands below", () => {
  offers(`tasks:\n  - |\n    type: ${LOG}\n    id: a`, ["message"], ["id", "type"]);
});
test("keys of the second task are not mixed with the first", () => {
  offers(`tasks:\n  - id: a\n    type: ${LOG}\n    message: x\n  - id: b\n    type: ${LOG}\n    |`, ["message"]);
});
test("a task in a branch of a task", () => {
  offers(`tasks:\n  - id: a\n    type: ${IF}\n    then:\n      - id: b\n        type: ${LOG}\n        |`, ["message"], ["then"]);
});
test("a task in a case of a switch", () => {
  const source = "tasks:\n  - id: a\n    type: io.kestra.plugin.core.flow.Switch\n    cases:\n      one:\n        - |";
  assert.deepEqual(labels(source), ["id", "type"]);
});
test("the parent's keys after its branch", () => {
  offers(`tasks:\n  - id: a\n    type: ${IF}\n    then:\n      - id: b\n        type: ${LOG}\n    |`, ["else", "condition"], ["then", "message"]);
});
test("a task among the errors", () => offers(`errors:\n  - id: a\n    type: ${LOG}\n    |`, ["message"]));
test("a nested map: retry", () => {
  offers(`tasks:\n  - id: a\n    type: ${LOG}\n    retry:\n      |`, ["interval", "maxAttempt", "type"], ["message"]);
});
test("blank lines and comments are passed over", () => {
  offers(`tasks:\n  - id: a\n    type: ${LOG}\n\n    # words: here\n\n    |`, ["message"]);
});

test("types of tasks, and no triggers among them", () => {
  offers("tasks:\n  - id: a\n    type: |", [LOG, IF], ["io.kestra.plugin.core.trigger.Schedule", "task"]);
});
test("types of triggers", () => {
  offers("triggers:\n  - id: a\n    type: io.k|", ["io.kestra.plugin.core.trigger.Schedule"], [LOG]);
});
test("types of tasks deep inside", () => {
  offers(`tasks:\n  - id: a\n    type: ${IF}\n    else:\n      - id: b\n        type: |`, [LOG]);
});
test("types of inputs", () => offers("inputs:\n  - id: a\n    type: |", ["STRING", "FILE", "JSON", "SELECT"], [LOG]));
test("keys of an input by its type", () => {
  offers("inputs:\n  - id: a\n    type: INT\n    |", ["min", "max", "defaults"], ["extension"]);
});
test("choices of a property", () => {
  offers(`tasks:\n  - id: a\n    type: ${LOG}\n    level: |`, ["INFO", "ERROR"]);
});
test("true and false", () => assert.deepEqual(labels("disabled: |"), ["true", "false"]));

test("nothing in a block of text", () => {
  assert.deepEqual(labels(`tasks:\n  - id: a\n    type: ${LOG}\n    message: >-\n      key: some |`), []);
});
test("nothing in a comment", () => assert.deepEqual(labels("id: a\n# na|"), []));
test("nothing is thrown by what is no YAML", () => {
  for (const source of ["- - -|", "a: [|", ": :|", "\t|", '"|', "tasks:\n - - x: |", "{|"]) labels(source);
});

const WITH_NAMES = `inputs:
  - id: month
    type: DATE
  - {id: limit, type: INT}
variables:
  currency: EUR
tasks:
  - id: first
    type: io.kestra.plugin.core.debug.Return
    format: x
  - {id: second, type: ${LOG}, message: x}
  - id: third
    type: ${LOG}
    message: "{{ § }}"
  - id: fourth
    type: ${LOG}
`;
const inside = (expression) => WITH_NAMES.replace("§", expression);

test("names inside an expression", () => {
  offers(inside("|"), ["inputs.month", "inputs.limit", "vars.currency", "outputs.first", "outputs.second", "flow.id", "now()"]);
});
test("outputs of the task itself and of later ones are not there", () => {
  offers(inside("outputs.|"), ["outputs.first.value"], ["outputs.third", "outputs.fourth"]);
});
test("an expression in a block of text", () => {
  offers(`inputs:\n  - {id: a, type: INT}\ntasks:\n  - id: b\n    type: ${LOG}\n    message: >-\n      {{ inp|`, ["inputs.a"]);
});
test("filters after a bar", () => {
  const [text] = at(inside("inputs.month @ dat|"));
  const position = text.indexOf("@ dat") + 5;
  const offer = complete(text.replace("@", "|"), position, knowledge);
  assert.ok(offer.options.some((option) => option.label === "date"));
  assert.ok(offer.options.every((option) => option.kind === "filter"));
});
test("nothing of the expression after its end", () => offers(`message: "{{ x }} |`, [], ["flow.id"]));

test("what is written replaces the word", () => {
  const [text, position] = at("tasks:\n  - id: a\n    type: io.kestra.plu|");
  assert.equal(complete(text, position, knowledge).from, text.indexOf("io.kestra"));
});
test("a type brings its required properties", () => {
  const [text, position] = at("tasks:\n  - id: a\n    type: |");
  assert.equal(requiredLines(knowledge, IF, placeAt(text, position)), "\n    condition: \n    then:\n      - ");
});
test("a type that was not fetched is asked for", () => {
  const bare = { ...knowledge, schema: () => undefined };
  const [text, position] = at(`tasks:\n  - id: a\n    type: ${LOG}\n    |`);
  assert.equal(complete(text, position, bare).missing, LOG);
});

test("the pointer on a property", () => {
  const [text, position] = at(`tasks:\n  - id: a\n    type: ${IF}\n    cond|ition: x`);
  const told = describe(text, position, knowledge);
  assert.match(told.text, /decides/);
  assert.match(told.detail, /required/);
});
test("the pointer on a type", () => {
  const [text, position] = at(`tasks:\n  - id: a\n    type: io.kestra.plugin.core.fl|ow.If`);
  assert.equal(describe(text, position, knowledge).title, IF);
});
test("a thousand tasks are no burden", () => {
  const source = "tasks:\n" + `  - id: a\n    type: ${LOG}\n    message: x\n`.repeat(1000) + "    |";
  assert.ok(labels(source).includes("level"));
});
