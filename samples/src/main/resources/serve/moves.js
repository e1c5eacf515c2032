/** What arrow keys mean: rows down, and columns to the right. */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Whether a key is the browser's or the system's, as Alt with an arrow is. */
const isTheirs = (event) => event.ctrlKey || event.altKey || event.metaKey;

/** Returns the pixel to which a key moves an image's cursor, or null if it is no such key. */
export function moved(grid, event) {
  const step = STEPS[event.key];
  if (!step || isTheirs(event)) return null;
  const { width } = grid.model;
  const from = grid.cursor ?? 0;
  return grid.positionOf({ row: Math.floor(from / width) + step[0], column: (from % width) + step[1] });
}

/** Returns the image to which a key moves from one, of so many in so many columns, or null. */
export function stepped(from, count, columns, event) {
  if (isTheirs(event)) return null;
  if (event.key === "Home") return 0;
  if (event.key === "End") return count - 1;
  const step = STEPS[event.key];
  if (!step) return null;
  const to = from + step[0] * columns + step[1];
  return to >= 0 && to < count ? to : from;
}
