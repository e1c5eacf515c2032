/** What strokes do to an image: each can be undone, and done again. */
export class Strokes {
  #changed;
  #before = [];
  #after = [];
  /** How many strokes have begun, each within another, and not ended: they are one, not to be undone yet. */
  #open = 0;

  /**
   * grid: the image; state: what strokes change of it, as the name of a field that is an array;
   * changed(): is told after each change
   */
  constructor(grid, state, changed) {
    this.grid = grid;
    this.state = state;
    this.#changed = changed;
  }

  get canUndo() {
    return this.#open === 0 && this.#before.length > 0;
  }

  get canRedo() {
    return this.#open === 0 && this.#after.length > 0;
  }

  /** Begins a stroke: what follows is undone with it. */
  begin() {
    if (this.#open++ > 0) return;
    this.#before.push(this.grid[this.state].slice());
    this.#after = [];
  }

  /** Ends a stroke; one that changed nothing has never been. */
  end() {
    const [before, now] = [this.#before.at(-1), this.grid[this.state]];
    if (--this.#open === 0 && before.every((it, i) => it === now[i])) this.#before.pop();
    this.#changed();
  }

  /** Takes another state, which can be undone as a stroke is. */
  take(state) {
    this.begin();
    this.grid[this.state] = state;
    this.grid.paint();
    this.end();
  }

  undo() {
    if (this.canUndo) this.#swap(this.#before, this.#after);
  }

  redo() {
    if (this.canRedo) this.#swap(this.#after, this.#before);
  }

  #swap(from, to) {
    to.push(this.grid[this.state]);
    this.grid[this.state] = from.pop();
    this.grid.paint();
    this.#changed();
  }

  /** The pixels at places, of those that lie within. */
  positions(places) {
    return places.filter((it) => this.grid.isWithin(it)).map((it) => this.grid.positionOf(it));
  }
}
