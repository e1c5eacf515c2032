/** The colours of what is no picture, as the style has them now. */
let style = null;

/** Returns one of the style's colours by its name. */
export function colour(name) {
  style ??= getComputedStyle(document.documentElement);
  return style.getPropertyValue(`--${name}`);
}

/** Tells when the style has others: in the dark, or in colours that a person has chosen. */
export function onNewColours(tell) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => {
      style = null;
      tell();
    });
  }
}
