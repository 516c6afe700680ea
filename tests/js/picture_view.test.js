// Which part of the drawn map of an embed is seen.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dragged, pinched, zoomed } from "../../static/js/map/picture_view.js";

const WHOLE = { x: 0, y: 0, width: 600, height: 400 };
const MIDDLE = [0.5, 0.5];
const close = (one, other) => {
  for (const name of ["x", "y", "width", "height"]) assert.ok(Math.abs(one[name] - other[name]) < 1e-9, name);
};

test("zooming in keeps what is at the point", () => {
  close(zoomed(WHOLE, WHOLE, 2, MIDDLE), { x: 150, y: 100, width: 300, height: 200 });
  close(zoomed(WHOLE, WHOLE, 2, [0, 1]), { x: 0, y: 200, width: 300, height: 200 });
});

test("zooming out ends at the whole, and zooming in at a twelfth", () => {
  close(zoomed(WHOLE, { x: 150, y: 100, width: 300, height: 200 }, 0.1, MIDDLE), WHOLE);
  assert.equal(zoomed(WHOLE, WHOLE, 1000, MIDDLE).width, 50);
});

test("a drag moves the view, never out of the whole", () => {
  const view = { x: 150, y: 100, width: 300, height: 200 };
  close(dragged(WHOLE, view, [0.5, 0.5], [0.25, 0.75]), { ...view, x: 225, y: 50 });
  close(dragged(WHOLE, view, [0, 0], [9, -9]), { ...view, x: 0, y: 200 });
});

test("two fingers zoom by their distance and drag by their middle", () => {
  const apart = pinched(WHOLE, WHOLE, [[0.4, 0.5], [0.6, 0.5]], [[0.3, 0.5], [0.7, 0.5]]);
  close(apart, { x: 150, y: 100, width: 300, height: 200 });
  const view = { x: 150, y: 100, width: 300, height: 200 };
  close(pinched(WHOLE, view, [[0.4, 0.5], [0.6, 0.5]], [[0.3, 0.5], [0.5, 0.5]]), { ...view, x: 180 });
  // Two fingers that lay on one spot have no distance to grow from.
  assert.equal(pinched(WHOLE, view, [MIDDLE, MIDDLE], [[0, 0], [1, 1]]).width, 300 / Math.SQRT2);
});
