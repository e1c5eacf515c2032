import { colour } from "./colours.js";
import { make } from "./dom.js";
import { take, words } from "./labels.js";
import * as marks from "./marks.js";
import { colourOf } from "./palette.js";

/** An image on a canvas: its levels, what is missing of it, a cursor, and what is laid over it. */
export class Grid {
  /** What is cut out, for each pixel. */
  hole;
  /** The pixel that is looked at, or null. */
  cursor = null;
  /** What a layer sees, {seen, blind}: sets of pixels; or null. */
  field = null;
  /** The pixels in their order, to be shown, or null. */
  order = null;
  /** What the next stroke would change: a set of pixels. */
  preview = new Set();
  /** How warm each pixel is, 0 to 1, or null. */
  heat = null;

  /**
   * model: height, width, channels, levels; title: what it is called; drawnWith: the labels and
   * the temperature that it is drawn with, and what was known of it, or null if it is no drawing;
   * caption: what stands below it, where there is room.
   */
  constructor(model, title, drawnWith = null, caption = title) {
    this.model = model;
    this.title = title;
    this.caption = caption;
    this.drawnWith = drawnWith;
    this.pixels = model.height * model.width;
    this.values = new Int32Array(this.pixels * model.channels);
    this.drawn = new Array(this.pixels).fill(false);
    this.hole = new Array(this.pixels).fill(false);
    this.canvas = make("canvas", {
      tabindex: -1,
      role: "application",
      "aria-roledescription": "image",
      "aria-label": `${title}, ${model.height} by ${model.width} pixels`,
    });
    this.element = make("figure", {}, this.canvas, make("figcaption", {}, caption));
    drawnWith?.known?.mask.forEach((isKnown, at) => isKnown && this.#fill(at, this.#known(at)));
    this.fit(model.width);
  }

  #known(position) {
    const { channels } = this.model;
    return this.drawnWith.known.values.slice(position * channels, (position + 1) * channels);
  }

  #fill(position, values) {
    this.values.set(values, position * this.model.channels);
    this.drawn[position] = true;
  }

  /** Takes about so many CSS pixels for the longer side, whole screen pixels for each of its own. */
  fit(side) {
    const { height, width } = this.model;
    const density = window.devicePixelRatio || 1;
    this.cell = Math.max(1, Math.floor((side * density) / Math.max(height, width)));
    this.canvas.width = width * this.cell;
    this.canvas.height = height * this.cell;
    this.canvas.style.width = `${this.canvas.width / density}px`;
    this.element.style.width = this.canvas.style.width;
    this.paint();
  }

  set(row, column, values) {
    const position = row * this.model.width + column;
    this.#fill(position, values);
    this.paintPixel(position);
  }

  /** Takes all levels, [row, column, channel]. */
  setAll(values) {
    this.values.set(values);
    this.drawn.fill(true);
    this.paint();
  }

  /** Whether a pixel has a value: it is drawn, and not cut out. */
  has(position) {
    return this.drawn[position] && !this.hole[position];
  }

  valuesAt(position) {
    const { channels } = this.model;
    return Array.from(this.values.subarray(position * channels, (position + 1) * channels));
  }

  /** The first pixel that is unlike the image's corner, where something begins; or the corner. */
  get beginning() {
    const ground = this.valuesAt(0).join();
    return Math.max(0, this.drawn.findIndex((_, position) => this.valuesAt(position).join() !== ground));
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

  /** The place under a pointer, {row, column}; outside where the pointer is. */
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      row: Math.floor(((event.clientY - box.top) / box.height) * this.model.height),
      column: Math.floor(((event.clientX - box.left) / box.width) * this.model.width),
    };
  }

  /** Whether there is a pixel at a place. */
  isWithin({ row, column }) {
    return row >= 0 && row < this.model.height && column >= 0 && column < this.model.width;
  }

  /** The pixel nearest to a place. */
  positionOf({ row, column }) {
    const within = (it, size) => Math.min(size - 1, Math.max(0, it));
    return within(row, this.model.height) * this.model.width + within(column, this.model.width);
  }

  #cellOf(position) {
    const { width } = this.model;
    return { row: Math.floor(position / width), column: position % width, side: this.cell };
  }

  paint() {
    const context = this.canvas.getContext("2d");
    for (let position = 0; position < this.pixels; position++) this.paintPixel(position);
    if (this.order) marks.path(context, this.order, this.model.width, this.cell);
    for (const position of this.preview) {
      const isOf = (row, column) => this.isWithin({ row, column }) && this.preview.has(this.positionOf({ row, column }));
      marks.frame(context, this.#cellOf(position), isOf, colour("focus"));
    }
    if (this.cursor !== null) marks.cursor(context, this.#cellOf(this.cursor));
  }

  paintPixel(position) {
    const context = this.canvas.getContext("2d");
    const cell = this.#cellOf(position);
    const rgb = this.has(position) ? colourOf(this.valuesAt(position), this.model.levels) : null;
    marks.tint(context, cell, rgb ? `rgb(${rgb.join(" ")})` : colour("missing"), 1);
    if (this.heat) marks.tint(context, cell, colour("heat"), this.heat[position]);
    if (this.order) marks.tint(context, cell, marks.rankColour(this.#rank(position)), 0.6);
    if (this.field?.seen.has(position)) marks.tint(context, cell, colour("seen"), 0.55);
    if (this.field?.blind.has(position)) {
      marks.tint(context, cell, colour("blind"), 0.75);
      marks.cross(context, cell);
    }
    if (this.preview.has(position)) marks.tint(context, cell, colour("focus"), 0.35);
    const mask = this.drawnWith?.known?.mask;
    if (mask && !mask[position]) {
      const isOf = (row, column) => this.isWithin({ row, column }) && !mask[this.positionOf({ row, column })];
      marks.frame(context, cell, isOf, colour("seen"));
    }
  }

  #ranks = [null, null];

  #rank(position) {
    if (this.#ranks[0] !== this.order) {
      const ranks = [];
      this.order.forEach((it, rank) => (ranks[it] = rank / Math.max(1, this.order.length - 1)));
      this.#ranks = [this.order, ranks];
    }
    return this.#ranks[1][position];
  }
}

/** The image with the number i of those that are asked for; what tells them apart stands below. */
export function nthOf(model, { count, labels, temperature }, i) {
  const one = take(labels, i);
  const [nth, by] = [`Image ${i + 1} of ${count}`, words(model, one)];
  return new Grid(model, by ? `${nth}: ${by}` : nth, { labels: one, temperature, known: null }, by || nth);
}
