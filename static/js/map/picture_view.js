// Pure functions: which part of a picture is seen. A view is {x, y, width, height} in the picture's units; points
// are [across, down] as fractions of what is seen.

const MAX_ZOOM = 12;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Return the view moved so that it stays within the whole. */
function within(whole, { x, y, width, height }) {
  return {
    x: clamp(x, whole.x, whole.x + whole.width - width),
    y: clamp(y, whole.y, whole.y + whole.height - height),
    width,
    height,
  };
}

/** Return the view enlarged by the factor, what is at the point staying there; never more than the whole. */
export function zoomed(whole, view, factor, [across, down]) {
  const width = clamp(view.width / factor, whole.width / MAX_ZOOM, whole.width);
  const height = (width / whole.width) * whole.height;
  return within(whole, {
    x: view.x + across * (view.width - width),
    y: view.y + down * (view.height - height),
    width,
    height,
  });
}

/** Return the view after what was at one point was dragged to another. */
export function dragged(whole, view, from, to) {
  const x = view.x + (from[0] - to[0]) * view.width;
  const y = view.y + (from[1] - to[1]) * view.height;
  return within(whole, { ...view, x, y });
}

const middle = ([one, other]) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
const distance = ([one, other]) => Math.hypot(one[0] - other[0], one[1] - other[1]);

/** Return the view after two fingers moved: both their distance and their middle count. */
export function pinched(whole, view, before, now) {
  const moved = dragged(whole, view, middle(before), middle(now));
  return zoomed(whole, moved, distance(now) / (distance(before) || 1), middle(now));
}
