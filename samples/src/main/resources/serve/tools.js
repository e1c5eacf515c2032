import { moved } from "./moves.js";
import { line, rectangle, square } from "./places.js";

/**
 * Lets people cut a hole into an image, with a pointer or the keys: with the brush, the eraser, or
 * as a rectangle. What a stroke would change is shown before.
 *
 * tool(): {name, size}; look(position): is told where they are
 */
export function cutWith(grid, hole, tool, look) {
  const { canvas } = grid;
  /** Where a stroke is, and where it began; or null. */
  let [last, corner] = [null, null];

  const below = (place) => {
    const { name, size } = tool();
    return name === "rectangle" ? rectangle(corner ?? place, place) : square(place, size);
  };
  const show = (place) => {
    grid.preview = new Set(place ? below(place).filter((it) => grid.isWithin(it)).map((it) => grid.positionOf(it)) : []);
    grid.paint();
  };
  const cut = (places) => hole.mark(places, tool().name !== "eraser");
  const begin = (place) => {
    hole.begin();
    [last, corner] = [place, place];
    if (tool().name !== "rectangle") cut(below(place));
  };
  const stroke = (place) => {
    if (tool().name !== "rectangle") cut(line(last, place).flatMap((it) => square(it, tool().size)));
    last = place;
  };
  const end = () => {
    if (!last) return;
    if (tool().name === "rectangle") cut(rectangle(corner, last));
    [last, corner] = [null, null];
    show(null);
    hole.end();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    begin(grid.placeOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.isPrimary) return;
    const place = grid.placeOf(event);
    if (last) {
      for (const it of event.getCoalescedEvents?.() ?? []) stroke(grid.placeOf(it));
      stroke(place);
    }
    show(place);
    look(grid.positionOf(place));
  });
  canvas.addEventListener("pointerleave", () => last || show(null));
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(type, end);

  const here = () => ({ row: Math.floor(grid.cursor / grid.model.width), column: grid.cursor % grid.model.width });
  canvas.addEventListener("keydown", (event) => {
    const isControl = event.ctrlKey || event.metaKey;
    const to = moved(grid, event);
    if (to !== null) {
      look(to);
      if (corner) last = here();
      show(here());
    } else if (event.key === " ") {
      // A rectangle takes two corners; all else is done at once.
      const isDone = last || tool().name !== "rectangle";
      if (!last) begin(here());
      if (isDone) end();
    } else if (event.key === "Escape" && last) {
      [last, corner] = [null, null];
      show(null);
      hole.end();
    } else if (isControl && event.key.toLowerCase() === "z") {
      event.shiftKey ? hole.redo() : hole.undo();
    } else {
      return;
    }
    event.preventDefault();
  });
  canvas.addEventListener("focus", () => {
    look(grid.cursor ?? 0);
    show(here());
  });
  canvas.addEventListener("blur", () => show(null));
}
