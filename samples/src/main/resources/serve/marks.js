import { colour } from "./colours.js";

/** What is painted over the pixels of an image. A cell is {row, column, side}, its side in canvas pixels. */

/** Lays a colour over a cell. */
export function tint(context, cell, style, alpha) {
  context.globalAlpha = alpha;
  context.fillStyle = style;
  context.fillRect(cell.column * cell.side, cell.row * cell.side, cell.side, cell.side);
  context.globalAlpha = 1;
}

/** Crosses a cell out: colour alone does not tell the blind spot from what is seen. */
export function cross(context, { row, column, side }) {
  const [x, y] = [column * side, row * side];
  context.lineWidth = Math.max(1, side / 12);
  context.strokeStyle = colour("ground");
  context.beginPath();
  context.moveTo(x + side * 0.2, y + side * 0.8);
  context.lineTo(x + side * 0.8, y + side * 0.2);
  context.stroke();
}

/** Frames a cell on those sides where its neighbour is not of the kind, isOf(row, column). */
export function frame(context, { row, column, side }, isOf, style) {
  const line = Math.max(1, Math.floor(side / 10));
  const [x, y] = [column * side, row * side];
  context.fillStyle = style;
  if (!isOf(row - 1, column)) context.fillRect(x, y, side, line);
  if (!isOf(row + 1, column)) context.fillRect(x, y + side - line, side, line);
  if (!isOf(row, column - 1)) context.fillRect(x, y, line, side);
  if (!isOf(row, column + 1)) context.fillRect(x + side - line, y, line, side);
}

/** Marks the cell that is looked at: two rings, of which one is seen on any ground. */
export function cursor(context, { row, column, side }) {
  const line = Math.max(1, side / 8);
  for (const [inset, style] of [[line / 2, "focus"], [1.5 * line, "ground"]]) {
    const length = side - 2 * inset;
    if (length <= 0) continue;
    context.lineWidth = line;
    context.strokeStyle = colour(style);
    context.strokeRect(column * side + inset, row * side + inset, length, length);
  }
}

/** The colour of a place in an order, from the first (0) to the last (1). */
export const rankColour = (share) => `hsl(${Math.round(215 - 190 * share)} 85% 55%)`;

/** Draws the way through cells that an order takes: positions, the first one first. */
export function path(context, positions, width, side) {
  context.lineWidth = Math.max(1, side / 10);
  context.strokeStyle = colour("ink");
  context.globalAlpha = 0.7;
  context.beginPath();
  for (const position of positions) {
    context.lineTo((position % width + 0.5) * side, (Math.floor(position / width) + 0.5) * side);
  }
  context.stroke();
  context.globalAlpha = 1;
}
