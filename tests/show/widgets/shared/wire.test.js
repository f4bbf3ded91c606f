// shared/wire: one request under way, what waits is merged, and an answer finds its question.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Wire, floatsOf } from "../../../../chromolab/show/widgets/shared/wire.js";

/** What answers, with its questions in `asked` and answers by hand. */
function answerer() {
  const model = {
    asked: [],
    hear: null,
    get: () => null,
    on: (_, f) => (model.hear = f),
    off: () => (model.hear = null),
  };
  model.send = (message) => model.asked.push(message);
  model.answer = (more = {}, buffers = []) => model.hear({ seq: model.asked.at(-1).seq, ...more }, buffers);
  return model;
}

test("one request is under way at a time, in the order asked", () => {
  const model = answerer(),
    seen = [];
  let idle = 0;
  const wire = new Wire(model, {
    onReply: (reply, _, request) => seen.push([request.kind, reply.said]),
    onIdle: () => idle++,
  });
  for (const kind of ["a", "b", "c"]) wire.ask({ kind });
  assert.deepEqual(
    model.asked.map((m) => m.kind),
    ["a"],
  );
  model.answer({ said: 1 });
  assert.deepEqual(
    model.asked.map((m) => m.kind),
    ["a", "b"],
  );
  assert.equal(idle, 0);
  model.answer({ said: 2 });
  model.answer({ said: 3 });
  assert.deepEqual(seen, [
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]);
  assert.equal(idle, 1);
  assert.ok(!wire.busy);
});

test("what waits may be replaced by what comes; what is under way may not", () => {
  const model = answerer();
  const wire = new Wire(model, { onReply: () => {}, merge: (last, next) => (last.kind === next.kind ? next : null) });
  for (const [kind, n] of [
    ["x", 1],
    ["x", 2],
    ["x", 3],
    ["y", 4],
    ["x", 5],
  ])
    wire.ask({ kind, n });
  while (wire.busy) model.answer();
  assert.deepEqual(
    model.asked.map((m) => m.n),
    [1, 3, 4, 5],
  );
});

test("answers to other views, to nobody, and after closing are not taken", () => {
  const model = answerer();
  let taken = 0;
  const wire = new Wire(model, { onReply: () => taken++ });
  wire.ask({ kind: "a" });
  model.hear({ seq: "other-1" }, []);
  assert.equal(taken, 0);
  assert.ok(wire.mine({ seq: model.asked[0].seq }) && !wire.mine({ seq: "other-1" }));
  model.answer();
  model.answer(); // the same again
  assert.equal(taken, 1);
  wire.close();
  assert.equal(model.hear, null);
});

test("floats are read from a view that is not aligned", () => {
  const bytes = new Uint8Array(13);
  bytes.set(new Uint8Array(new Float32Array([1.5, NaN, -2]).buffer), 1);
  assert.deepEqual([...floatsOf(new DataView(bytes.buffer, 1))], [1.5, NaN, -2]);
});
