import { $, complain, enable, onPress, say } from "./dom.js";
import { Drawing } from "./drawing.js";
import { speed } from "./speed.js";

const MARKUP = `
  <button id="draw" type="submit" form="form" class="primary"></button>
  <button id="pause" type="button" aria-disabled="true">Pause</button>
  <button id="cancel" type="button" aria-disabled="true">Cancel</button>
  <div class="how-far">
    <progress id="progress" max="1" value="0" aria-label="Pixels drawn"></progress>
    <p id="status" role="status"></p>
  </div>`;

/** The drawing that is under way, if one is: its buttons, and how far it is. */
export class Run {
  #drawing = null;
  #place;
  #images;
  #mayDraw = () => true;

  /** place: where its buttons are; verb: what the first one says; images: where images appear */
  constructor(place, verb, images, mayDraw) {
    place.innerHTML = MARKUP;
    this.#images = images;
    this.#mayDraw = mayDraw;
    $("draw").textContent = verb;
    onPress($("pause"), () => {
      this.#drawing.togglePause();
      this.show();
    });
    onPress($("cancel"), () => this.#drawing.cancel());
  }

  get isDrawing() {
    return this.#drawing !== null;
  }

  /** Draws into grids, in place of what is being drawn; ended() is told when all is there. */
  start(model, request, grids, ended) {
    this.abandon();
    this.#drawing = new Drawing(model, request, grids, speed, {
      changed: (text) => {
        say(text);
        this.show();
      },
      ended: (text, problem) => {
        this.show();
        this.#drawing = null;
        this.show();
        say(text);
        if (problem) complain(problem);
        else if (grids.every((it) => it.isWhole)) ended?.();
      },
    });
    this.show();
  }

  /** Ends what is being drawn, without a word. */
  abandon() {
    this.#drawing?.abandon();
    this.#drawing = null;
    this.show();
  }

  /** Shows which buttons can be used, how far it is, and whether it has begun. */
  show() {
    const drawing = this.#drawing;
    const isWaking = Boolean(drawing) && drawing.painted === 0;
    this.#images.setAttribute("aria-busy", String(isWaking));
    this.#images.classList.toggle("waking", isWaking);
    if (isWaking) $("progress").removeAttribute("value");
    else if (drawing) [$("progress").max, $("progress").value] = [drawing.total, drawing.painted];
    // What ended before its first pixel is under way no longer.
    else if (!$("progress").hasAttribute("value")) $("progress").value = 0;
    enable($("pause"), drawing);
    enable($("cancel"), drawing);
    $("pause").textContent = drawing?.isPaused ? "Resume" : "Pause";
    enable($("draw"), this.#mayDraw());
  }
}
