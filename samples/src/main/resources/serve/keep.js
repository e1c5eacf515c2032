import { make, say } from "./dom.js";
import { colourOf } from "./palette.js";

/** About so many pixels a saved image has on its longer side: whole ones for each of the model's. */
const SAVED = 512;

/** Paints images into one picture, {columns, scale}: each of their pixels as scale x scale. */
function sheet(grids, columns, scale) {
  const { height, width, levels } = grids[0].model;
  const canvas = make("canvas", {
    width: columns * width * scale,
    height: Math.ceil(grids.length / columns) * height * scale,
  });
  const context = canvas.getContext("2d");
  grids.forEach((grid, i) => {
    const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
    for (let position = 0; position < grid.pixels; position++) {
      // What has no value yet stays transparent, and is missing when the picture is opened again.
      if (!grid.has(position)) continue;
      context.fillStyle = `rgb(${colourOf(grid.valuesAt(position), levels).join(" ")})`;
      const [row, column] = [Math.floor(position / width), position % width];
      context.fillRect((left + column) * scale, (top + row) * scale, scale, scale);
    }
  });
  return canvas;
}

const columnsOf = (grids) => Math.ceil(Math.sqrt(grids.length));

/** Has the browser save images as one PNG file. */
export function savePng(grids, name) {
  const { height, width } = grids[0].model;
  const columns = columnsOf(grids);
  const scale = Math.max(1, Math.floor(SAVED / (columns * Math.max(height, width))));
  sheet(grids, columns, scale).toBlob((blob) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.png` });
    link.click();
    URL.revokeObjectURL(link.href);
    say(`Saved ${name}.png.`);
  }, "image/png");
}

/** How long images are as one PNG file that has each of their pixels once. */
export const pngBytes = (grids) =>
  new Promise((tell) => sheet(grids, columnsOf(grids), 1).toBlob((blob) => tell(blob.size), "image/png"));

/** A small picture of images, as the address of its data. */
export function thumbnail(grids) {
  const few = grids.slice(0, 4);
  return sheet(few, columnsOf(few), 1).toDataURL("image/png");
}

/** Puts the page's address, which shows the same again, where it can be pasted from. */
export async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied; it shows the same again.");
  } catch {
    say("This browser lets no page copy here; the address bar has the link.");
  }
}
