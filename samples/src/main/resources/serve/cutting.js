import { $ } from "./dom.js";

const brush = () => Number($("brush").value);

/** All places on a line between two, so that a quick drag leaves no gaps. */
function line(from, to) {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const between = (a, b) => Math.round(a + (steps ? i / steps : 0) * (b - a));
    return { row: between(from.row, to.row), column: between(from.column, to.column) };
  });
}

/**
 * Lets people cut a hole into an image, with a pointer or the space bar.
 *
 * mayCut(): whether they may now; changed(text): is told of it, at the end of a stroke
 */
export function cutInto(grid, mayCut, changed) {
  const { canvas } = grid;
  let last = null;
  const end = () => {
    if (last) changed(`${grid.missing} of ${grid.pixels} pixels are missing.`);
    last = null;
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || !mayCut()) return;
    canvas.setPointerCapture(event.pointerId);
    last = grid.placeOf(event);
    grid.cut(last, brush());
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !event.isPrimary) return;
    for (const it of event.getCoalescedEvents?.() ?? []) stroke(grid.placeOf(it));
    stroke(grid.placeOf(event));
  });
  const stroke = (place) => {
    line(last, place).forEach((it) => grid.cut(it, brush()));
    last = place;
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(type, end);
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    if (!mayCut()) return;
    const row = Math.floor(grid.cursor / grid.model.width);
    const column = grid.cursor % grid.model.width;
    grid.cut({ row, column }, brush());
    changed(`Cut at row ${row}, column ${column}: ${grid.missing} of ${grid.pixels} pixels are missing.`);
  });
}
