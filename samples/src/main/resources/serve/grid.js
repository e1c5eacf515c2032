import { nameOf } from "./form.js";
import { colourOf } from "./palette.js";

/** The colours of what is no picture, as the style has them now. */
let palette = null;

/** Forgets the colours: the style has others. */
export function forgetColours() {
  palette = null;
}

function colour(name) {
  palette ??= getComputedStyle(document.documentElement);
  return palette.getPropertyValue(`--${name}`);
}

/** An image on a canvas: its levels, its hole, a cursor, and what is laid over it. */
export class Grid {
  /**
   * model: height, width, channels, levels; title: what it is called; side: about how many CSS
   * pixels it may be wide; drawnWith: the labels and the temperature that it is drawn with, and
   * what is known of it, or null if it is no drawing.
   */
  constructor(model, title, side, drawnWith = null) {
    this.model = model;
    this.title = title;
    this.drawnWith = drawnWith;
    this.pixels = model.height * model.width;
    this.values = new Int32Array(this.pixels * model.channels);
    this.drawn = new Array(this.pixels).fill(false);
    this.hole = new Array(this.pixels).fill(false);
    this.cursor = null;
    this.field = null;
    this.cell = Math.max(1, Math.floor(side / Math.max(model.height, model.width)));
    this.canvas = document.createElement("canvas");
    this.canvas.width = model.width * this.cell;
    this.canvas.height = model.height * this.cell;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "image");
    this.element = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = [title, this.#conditions()].filter((it) => it).join(": ");
    this.canvas.setAttribute(
      "aria-label",
      `${caption.textContent}, ${model.height} by ${model.width} pixels. Arrow keys move over its pixels.`,
    );
    this.element.append(this.canvas, caption);
    drawnWith?.known?.mask.forEach((isKnown, at) => isKnown && this.#fill(at, this.#known(at)));
    this.paint();
  }

  #conditions() {
    const { classes } = this.model;
    return classes
      .filter(({ name }) => this.drawnWith)
      .map((it) => `${it.name} ${nameOf(it, this.drawnWith.labels[it.name])}`)
      .join(", ");
  }

  #known(position) {
    const { channels } = this.model;
    return this.drawnWith.known.values.slice(position * channels, (position + 1) * channels);
  }

  #fill(position, values) {
    this.values.set(values, position * this.model.channels);
    this.drawn[position] = true;
  }

  set(row, column, values) {
    const position = row * this.model.width + column;
    this.#fill(position, values);
    this.paintPixel(position);
  }

  /** Whether a pixel has a value: it is drawn, and not cut out. */
  has(position) {
    return this.drawn[position] && !this.hole[position];
  }

  valuesAt(position) {
    const { channels } = this.model;
    return Array.from(this.values.subarray(position * channels, (position + 1) * channels));
  }

  get isWhole() {
    return this.drawn.every((it) => it);
  }

  /** How many pixels are cut out. */
  get missing() {
    return this.hole.filter((it) => it).length;
  }

  /** Whether something is cut out that can be filled in again. */
  get hasHole() {
    return this.isWhole && this.missing > 0 && this.missing < this.pixels;
  }

  /** What is known where pixels are missing, {values, mask}: now, or when it was completed; or null. */
  get known() {
    if (this.hasHole) return { values: Array.from(this.values), mask: this.hole.map((it) => !it) };
    return this.drawnWith?.known ?? null;
  }

  /** Makes the pixels around a place missing, {row, column}; it may lie outside. */
  cut({ row, column }, brush) {
    const { width, height } = this.model;
    const before = Math.floor((brush - 1) / 2);
    for (let r = row - before; r < row - before + brush; r++) {
      for (let c = column - before; c < column - before + brush; c++) {
        if (r >= 0 && r < height && c >= 0 && c < width) this.hole[r * width + c] = true;
      }
    }
    this.paint();
  }

  closeHole() {
    this.hole.fill(false);
    this.paint();
  }

  /** The place under a pointer, {row, column}; outside where the pointer is. */
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      row: Math.floor(((event.clientY - box.top) / box.height) * this.model.height),
      column: Math.floor(((event.clientX - box.left) / box.width) * this.model.width),
    };
  }

  /** The pixel nearest to a place. */
  positionOf({ row, column }) {
    const within = (it, size) => Math.min(size - 1, Math.max(0, it));
    return within(row, this.model.height) * this.model.width + within(column, this.model.width);
  }

  paint() {
    for (let position = 0; position < this.pixels; position++) this.paintPixel(position);
    this.#paintCursor();
  }

  paintPixel(position) {
    const { width, levels } = this.model;
    const [row, column] = [Math.floor(position / width), position % width];
    const context = this.canvas.getContext("2d");
    const fill = (style, alpha) => {
      context.globalAlpha = alpha;
      context.fillStyle = style;
      context.fillRect(column * this.cell, row * this.cell, this.cell, this.cell);
      context.globalAlpha = 1;
    };
    if (this.has(position)) {
      const [red, green, blue] = colourOf(this.valuesAt(position), levels);
      fill(`rgb(${red} ${green} ${blue})`, 1);
    } else {
      fill(colour("missing"), 1);
    }
    if (this.field?.seen.has(position)) fill(colour("seen"), 0.55);
    if (this.field?.blind.has(position)) {
      fill(colour("blind"), 0.75);
      this.#cross(row, column);
    }
    const mask = this.drawnWith?.known?.mask;
    if (mask && !mask[position]) this.#frame(row, column, mask);
  }

  /** Colour alone does not tell the blind spot from what is seen. */
  #cross(row, column) {
    const context = this.canvas.getContext("2d");
    const [x, y, side] = [column * this.cell, row * this.cell, this.cell];
    context.lineWidth = Math.max(1, side / 12);
    context.strokeStyle = colour("ground");
    context.beginPath();
    context.moveTo(x + side * 0.2, y + side * 0.8);
    context.lineTo(x + side * 0.8, y + side * 0.2);
    context.stroke();
  }

  /** Frames what was filled in: a line where a neighbour was known. */
  #frame(row, column, mask) {
    const { height, width } = this.model;
    const context = this.canvas.getContext("2d");
    const line = Math.max(1, Math.floor(this.cell / 10));
    const [x, y, side] = [column * this.cell, row * this.cell, this.cell];
    const isKnown = (r, c) => r < 0 || r >= height || c < 0 || c >= width || mask[r * width + c];
    context.fillStyle = colour("seen");
    if (isKnown(row - 1, column)) context.fillRect(x, y, side, line);
    if (isKnown(row + 1, column)) context.fillRect(x, y + side - line, side, line);
    if (isKnown(row, column - 1)) context.fillRect(x, y, line, side);
    if (isKnown(row, column + 1)) context.fillRect(x + side - line, y, line, side);
  }

  #paintCursor() {
    if (this.cursor === null) return;
    const context = this.canvas.getContext("2d");
    const [row, column] = [Math.floor(this.cursor / this.model.width), this.cursor % this.model.width];
    context.lineWidth = Math.max(1, this.cell / 6);
    context.strokeStyle = colour("focus");
    const inset = context.lineWidth / 2;
    const side = this.cell - context.lineWidth;
    context.strokeRect(column * this.cell + inset, row * this.cell + inset, side, side);
  }
}
