/** An image on a canvas: its levels, its hole, a cursor, and what is laid over it. */
export class Grid {
  /** model: height, width, channels, levels; side: about how many CSS pixels it may be wide. */
  constructor(model, number, of, side) {
    this.model = model;
    this.pixels = model.height * model.width;
    this.values = new Int32Array(this.pixels * model.channels);
    this.drawn = new Array(this.pixels).fill(false);
    this.hole = new Array(this.pixels).fill(false);
    this.filled = null;
    this.cursor = null;
    this.field = null;
    this.cell = Math.max(1, Math.floor(side / Math.max(model.height, model.width)));
    this.canvas = document.createElement("canvas");
    this.canvas.width = model.width * this.cell;
    this.canvas.height = model.height * this.cell;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "image");
    this.label = `Image ${number} of ${of}`;
    this.element = document.createElement("figure");
    this.caption = document.createElement("figcaption");
    this.element.append(this.canvas, this.caption);
    this.describe("");
    this.paint();
  }

  describe(text) {
    this.caption.textContent = text ? `${this.label}: ${text}` : this.label;
    this.canvas.setAttribute(
      "aria-label",
      `${this.caption.textContent}, ${this.model.height} by ${this.model.width} pixels.` +
        " Arrow keys move over its pixels.",
    );
  }

  set(row, column, values) {
    const position = row * this.model.width + column;
    this.values.set(values, position * this.model.channels);
    this.drawn[position] = true;
    this.paintPixel(position);
  }

  valuesAt(position) {
    const { channels } = this.model;
    return Array.from(this.values.subarray(position * channels, (position + 1) * channels));
  }

  get isWhole() {
    return this.drawn.every((it) => it);
  }

  get hasHole() {
    return this.hole.some((it) => it) && !this.hole.every((it) => it);
  }

  /** Makes the pixels around a place missing. */
  cut(position, brush) {
    const { width, height } = this.model;
    const [row, column] = [Math.floor(position / width), position % width];
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

  positionAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = (offset, size, cells) =>
      Math.min(cells - 1, Math.max(0, Math.floor((offset / size) * cells)));
    const row = at(event.clientY - box.top, box.height, this.model.height);
    const column = at(event.clientX - box.left, box.width, this.model.width);
    return row * this.model.width + column;
  }

  paint() {
    for (let position = 0; position < this.pixels; position++) this.paintPixel(position);
    this.#paintCursor();
  }

  paintPixel(position) {
    const { width, levels, channels } = this.model;
    const [row, column] = [Math.floor(position / width), position % width];
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const fill = (colour, alpha) => {
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.fillRect(column * this.cell, row * this.cell, this.cell, this.cell);
      context.globalAlpha = 1;
    };
    if (this.drawn[position] && !this.hole[position]) {
      const shade = this.valuesAt(position).map((v) => Math.round((v * 255) / (levels - 1)));
      const [red, green, blue] = channels === 3 ? shade : [shade[0], shade[0], shade[0]];
      fill(`rgb(${red} ${green} ${blue})`, 1);
    } else {
      fill(style.getPropertyValue("--missing"), 1);
    }
    if (this.field?.seen.has(position)) fill(style.getPropertyValue("--seen"), 0.55);
    if (this.field?.blind.has(position)) fill(style.getPropertyValue("--blind"), 0.75);
    if (this.filled?.[position]) this.#paintEdges(row, column, style.getPropertyValue("--seen"));
  }

  /** Frames what was filled in: a line where a neighbour was known. */
  #paintEdges(row, column, colour) {
    const { height, width } = this.model;
    const context = this.canvas.getContext("2d");
    const line = Math.max(1, Math.floor(this.cell / 10));
    const [x, y, side] = [column * this.cell, row * this.cell, this.cell];
    const isKnown = (r, c) => r < 0 || r >= height || c < 0 || c >= width || !this.filled[r * width + c];
    context.fillStyle = colour;
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
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--focus");
    const inset = context.lineWidth / 2;
    const side = this.cell - context.lineWidth;
    context.strokeRect(column * this.cell + inset, row * this.cell + inset, side, side);
  }
}

/** Brings a picture to the model's size and levels: cut to its middle, scaled, rounded. */
export async function readPicture(file, model) {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = model.width;
  canvas.height = model.height;
  const scale = Math.max(model.width / bitmap.width, model.height / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (model.width - width) / 2, (model.height - height) / 2, width, height);
  const { data } = context.getImageData(0, 0, model.width, model.height);
  const level = (value) => Math.min(model.levels - 1, Math.floor((value * model.levels) / 256));
  return Array.from({ length: model.width * model.height }, (_, i) => {
    const [red, green, blue] = data.subarray(4 * i, 4 * i + 3);
    return model.channels === 3
      ? [level(red), level(green), level(blue)]
      : [level(0.299 * red + 0.587 * green + 0.114 * blue)];
  });
}
