import { Strokes } from "./strokes.js";

/** What is painted over an image. */
export class Paint extends Strokes {
  #original;
  #ink;

  /** ink(): the values that a pixel gets; changed(): is told after each change */
  constructor(grid, ink, changed) {
    super(grid, "values", changed);
    this.#original = grid.values.slice();
    this.#ink = ink;
  }

  /** Paints places over, or restores what was there. */
  mark(places, isPainted) {
    const { channels } = this.grid.model;
    for (const position of this.positions(places)) {
      const at = position * channels;
      this.grid.values.set(isPainted ? this.#ink() : this.#original.subarray(at, at + channels), at);
    }
    this.grid.paint();
  }
}
