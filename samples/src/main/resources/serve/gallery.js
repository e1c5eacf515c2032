import { moved, stepped } from "./moves.js";

/** Between two images, in CSS pixels, and what a caption takes. */
const GAP = 12;
const CAPTION = 24;

/** No image is larger than this. */
const MOST = 420;

/** Images narrower than this have no room for a caption. */
const CAPTIONED = 76;

/**
 * Images that fit together into a part of the window, and are one stop of the tab key: arrow keys
 * go from image to image, Enter goes into one, where they go from pixel to pixel, Escape leaves it.
 */
export class Gallery {
  grids = [];
  /** The image that was looked at last. */
  chosen = null;
  #place;
  #share;
  #look;
  #columns = 1;
  #isCanvas;

  /**
   * place: where; share: how much of the window's height it may take; look(grid): is told which
   * image is looked at, whose cursor says where; isCanvas: whether others listen to pointer and keys
   */
  constructor(place, share, look, { isCanvas = false } = {}) {
    this.#isCanvas = isCanvas;
    this.#place = place;
    // It keeps the focus while there are no images.
    place.tabIndex = -1;
    this.#share = share;
    this.#look = look;
    new ResizeObserver(() => this.fit()).observe(place);
    window.addEventListener("resize", () => this.fit());
  }

  /** Puts images in place of what is there. */
  show(grids) {
    const hadFocus = this.#place.contains(document.activeElement);
    this.grids = grids;
    this.chosen = null;
    this.#place.replaceChildren(...grids.map((it) => it.element));
    if (!this.#isCanvas) grids.forEach((it) => this.#listen(it));
    if (grids.length) this.#choose(grids[0], null);
    this.fit();
    if (hadFocus) (grids[0]?.canvas ?? this.#place).focus();
  }

  paint() {
    this.grids.forEach((it) => it.paint());
  }

  /** Gives the images the largest size at which all of them fit. */
  fit() {
    if (!this.grids.length) return;
    const sides = this.grids.map((_, i) => this.#sideIn(i + 1));
    const side = Math.max(...sides);
    this.#columns = sides.indexOf(side) + 1;
    this.#place.classList.toggle("small", side < CAPTIONED);
    this.grids.forEach((it) => it.fit(side));
  }

  /** The longer side of images in so many columns: whole screen pixels for each of an image's own. */
  #sideIn(columns) {
    const [{ model: { height, width } }] = this.grids;
    const [longer, rows] = [Math.max(height, width), Math.ceil(this.grids.length / columns)];
    const room = Math.max(220, this.#share * window.innerHeight);
    const across = ((this.#place.clientWidth - (columns - 1) * GAP) / columns) * (longer / width);
    const down = (caption) => (room / rows - GAP - caption) * (longer / height);
    const high = down(CAPTION) < CAPTIONED ? Math.min(CAPTIONED - 1, down(0)) : down(CAPTION);
    const density = window.devicePixelRatio || 1;
    const cell = Math.max(1, Math.floor((Math.min(across, high, MOST) * density) / longer));
    return (cell * longer) / density;
  }

  /** Looks at a pixel of an image, or with null at none. */
  look(grid, cursor) {
    this.#choose(grid, cursor);
    this.#look(grid);
  }

  /** Looks at no pixel any longer: at one elsewhere. */
  unlook() {
    if (!this.chosen || this.chosen.cursor === null) return;
    Object.assign(this.chosen, { cursor: null, field: null, order: null });
    this.chosen.paint();
  }

  #choose(grid, cursor) {
    if (this.chosen && this.chosen !== grid) {
      Object.assign(this.chosen, { cursor: null, field: null, order: null });
      this.chosen.canvas.classList.remove("chosen");
      this.chosen.canvas.tabIndex = -1;
      this.chosen.paint();
    }
    this.chosen = grid;
    grid.canvas.classList.add("chosen");
    grid.canvas.tabIndex = 0;
    grid.cursor = cursor;
    grid.paint();
  }

  #listen(grid) {
    const { canvas } = grid;
    const label = canvas.getAttribute("aria-label");
    const go = "Arrow keys go to other images, Enter to its pixels.";
    canvas.setAttribute("aria-label", `${label}. ${go}`);
    canvas.addEventListener("pointermove", (event) => this.#point(grid, event));
    canvas.addEventListener("click", (event) => this.#point(grid, event));
    canvas.addEventListener("focus", () => this.chosen !== grid && this.look(grid, null));
    canvas.addEventListener("blur", () => canvas.classList.remove("entered"));
    canvas.addEventListener("keydown", (event) => this.#press(grid, event));
  }

  #point(grid, event) {
    const position = grid.positionOf(grid.placeOf(event));
    if (position !== grid.cursor || this.chosen !== grid) this.look(grid, position);
  }

  #press(grid, event) {
    const isEntered = grid.canvas.classList.contains("entered");
    if (event.key === "Enter" || event.key === "Escape") {
      grid.canvas.classList.toggle("entered", event.key === "Enter");
      if (event.key === "Enter") this.look(grid, grid.cursor ?? 0);
    } else if (isEntered) {
      const position = moved(grid, event);
      if (position === null) return;
      this.look(grid, position);
    } else {
      const to = stepped(this.grids.indexOf(grid), this.grids.length, this.#columns, event);
      if (to === null) return;
      this.grids[to].canvas.focus();
    }
    event.preventDefault();
  }
}
