/** What is cut out of an image, and what was before: every stroke can be undone and done again. */
export class Hole {
  #grid;
  #changed;
  #before = [];
  #after = [];

  /** changed(): is told after each change */
  constructor(grid, changed) {
    this.#grid = grid;
    this.#changed = changed;
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  get canRedo() {
    return this.#after.length > 0;
  }

  /** Begins a stroke: what follows is undone with it. */
  begin() {
    this.#before.push(this.#grid.hole.slice());
    this.#after = [];
  }

  /** Cuts places out, or fills them in again. */
  mark(places, isMissing) {
    for (const it of places) if (this.#grid.isWithin(it)) this.#grid.hole[this.#grid.positionOf(it)] = isMissing;
    this.#grid.paint();
  }

  /** Ends a stroke; one that changed nothing has never been. */
  end() {
    const before = this.#before.at(-1);
    if (before.every((it, position) => it === this.#grid.hole[position])) this.#before.pop();
    this.#changed();
  }

  /** Takes another hole, which can be undone as a stroke is. */
  take(mask) {
    this.begin();
    this.#grid.hole = mask;
    this.#grid.paint();
    this.end();
  }

  undo() {
    this.#swap(this.#before, this.#after);
  }

  redo() {
    this.#swap(this.#after, this.#before);
  }

  #swap(from, to) {
    to.push(this.#grid.hole);
    this.#grid.hole = from.pop();
    this.#grid.paint();
    this.#changed();
  }
}
