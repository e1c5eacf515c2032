/**
 * Brings a picture to a model's size and levels: cut to its middle, scaled, rounded to the nearest
 * level as the library does. Returns the values of each pixel, and which are transparent.
 */
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
  const level = (value) => Math.round((Math.round(value) * (model.levels - 1)) / 255);
  return Array.from({ length: model.width * model.height }, (_, i) => {
    const [red, green, blue, alpha] = data.subarray(4 * i, 4 * i + 4);
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    return {
      values: model.channels === 3 ? [red, green, blue].map(level) : Array(model.channels).fill(level(grey)),
      isTransparent: alpha < 128,
    };
  });
}
