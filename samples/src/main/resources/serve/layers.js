import { make } from "./dom.js";

/** What may be laid over images besides layers. */
export const NOTHING = "";
export const ORDER = "order";
export const OUTPUT = "output";
const LAYER = "layer:";

/** The name of the layer that a choice is, or null. */
export const layerOf = (choice) => (choice.startsWith(LAYER) ? choice.slice(LAYER.length) : null);

/** Shows what may be laid over images of a model: its layers by the blocks that they are in. */
export function showLayers(select, model) {
  const blocks = new Map();
  for (const layer of model.layers) {
    const block = layer.includes("/") ? layer.slice(0, layer.indexOf("/")) : "";
    blocks.set(block, [...(blocks.get(block) ?? []), layer]);
  }
  select.replaceChildren(
    new Option("nothing", NOTHING),
    new Option("the order in which pixels are drawn", ORDER),
    new Option("what the output sees", OUTPUT),
    ...Array.from(blocks, ([block, layers]) =>
      make(
        "optgroup",
        { label: block ? `What ${block} sees` : "What single layers see" },
        ...layers.map((it) => new Option(block ? it.slice(block.length + 1) : it, LAYER + it)),
      ),
    ),
  );
}
