import { Strokes } from "./strokes.js";

/** What is cut out of an image. */
export class Hole extends Strokes {
  constructor(grid, changed) {
    super(grid, "hole", changed);
  }

  /** Cuts places out, or fills them in again. */
  mark(places, isMissing) {
    for (const position of this.positions(places)) this.grid.hole[position] = isMissing;
    this.grid.paint();
  }
}
