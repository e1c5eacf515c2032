/** With more levels, values are codes, which have colours of their own. */
const FEW = 256;

/** Whether a model draws codes, which no picture of a user's can be brought to. */
export const drawsCodes = (model) => model.levels > FEW;

/**
 * The colour of a pixel, [red, green, blue], 0 to 255: of codes as Weft's CodePalette has it, of one
 * channel grey, of three the colour.
 */
export function colourOf(values, levels) {
  if (levels > FEW) return mean(values.map(codeColour));
  const shade = values.map((v) => Math.round((v * 255) / (levels - 1)));
  return shade.length === 3 ? shade : [shade[0], shade[0], shade[0]];
}

const STEPS = [3518319155, 2882110345, 2360945575];

const codeColour = (code) => STEPS.map((step) => (Math.imul(code, step) + 0x80000000) >>> 24);

const mean = (colours) =>
  [0, 1, 2].map((part) => Math.floor(colours.reduce((sum, it) => sum + it[part], 0) / colours.length));
