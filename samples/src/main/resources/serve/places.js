/** Places of an image, {row, column}; they may lie outside of it. */

/** All places on a line between two, so that a quick drag leaves no gaps. */
export function line(from, to) {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const between = (a, b) => Math.round(a + (steps ? i / steps : 0) * (b - a));
    return { row: between(from.row, to.row), column: between(from.column, to.column) };
  });
}

/** All places between two corners. */
export function rectangle(from, to) {
  const [top, bottom] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
  const [left, right] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  const places = [];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) places.push({ row, column });
  }
  return places;
}

/** All places below a square brush around a place. */
export function square({ row, column }, side) {
  const before = Math.floor((side - 1) / 2);
  const first = { row: row - before, column: column - before };
  return rectangle(first, { row: first.row + side - 1, column: first.column + side - 1 });
}
