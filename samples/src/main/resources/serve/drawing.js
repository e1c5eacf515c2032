import { Stream } from "./stream.js";

/** Asked for at most, beyond what is painted: so far the server may run ahead of the page. */
const MOST_AHEAD = 4096;

/** Images that are being drawn, at a pace. */
export class Drawing {
  isPaused = false;
  total = 0;
  painted = 0;
  #stream;
  #owed = 0;
  #before = performance.now();

  /**
   * request: what to draw; grids: where; speed(): pixels a second; tell: changed(text) as it goes
   * on, and ended(text, problem) once.
   */
  constructor(model, request, grids, speed, tell) {
    this.speed = speed;
    this.tell = tell;
    this.goal = request.known ? "Completing…" : "Drawing…";
    tell.changed("Waking the model…");
    this.#stream = new Stream(model.id, request, {
      started: (pixels) => {
        this.total = pixels;
        tell.changed("Waking the model…");
      },
      waiting: () => tell.changed("Waiting for a turn: other drawings are under way."),
      pixels: (list) => {
        for (const [image, row, column, ...values] of list) grids[image].set(row, column, values);
        this.painted += list.length;
        tell.changed(this.isPaused ? this.#paused() : this.goal);
      },
      done: () => this.#end(`Done: ${this.#amount(request)}, seed ${request.seed}.`),
      problem: (detail) => this.#end("Stopped.", detail),
    });
    requestAnimationFrame((now) => this.#frame(now));
  }

  #amount(request) {
    return `${this.total} pixels of ${request.count === 1 ? "one image" : `${request.count} images`}`;
  }

  togglePause() {
    this.isPaused = !this.isPaused;
    this.tell.changed(this.isPaused ? this.#paused() : this.painted ? this.goal : "Waking the model…");
  }

  #paused() {
    return `Paused after ${this.painted} of ${this.total} pixels.`;
  }

  cancel() {
    this.#stream.cancel();
    this.#end(
      this.painted ? `Cancelled after ${this.painted} of ${this.total} pixels.` : "Cancelled before the first pixel.",
    );
  }

  /** Cancels without a word: something else takes its place. */
  abandon() {
    this.#stream.cancel();
    this.#stream = null;
  }

  #end(text, problem) {
    this.#stream = null;
    this.tell.ended(text, problem);
  }

  /** Asks for as much as the speed allows and the page has painted; a hidden page asks for nothing. */
  #frame(now) {
    if (!this.#stream) return;
    const passed = Math.min(0.1, Math.max(0, now - this.#before) / 1000);
    this.#before = now;
    if (this.total && !this.isPaused) {
      const left = this.total - this.painted - this.#stream.outstanding;
      this.#owed = Math.min(left, this.#owed + this.speed() * passed);
      const more = Math.min(Math.floor(this.#owed), MOST_AHEAD - this.#stream.outstanding);
      if (more > 0) {
        this.#stream.request(more);
        this.#owed -= more;
      }
    }
    requestAnimationFrame((next) => this.#frame(next));
  }
}
