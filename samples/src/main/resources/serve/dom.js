export const $ = (id) => document.getElementById(id);

/** Makes an element: its attributes, and what it contains. */
export function make(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** What cannot be done as it was asked for, and the field to put right if it is one. */
export class Refused extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Says what is going on; screen readers read it out, once. */
export function say(text) {
  if ($("status").textContent !== text) $("status").textContent = text;
}

/** Says what went wrong, or without a text that nothing is wrong any longer. */
export function complain(text, field) {
  document.querySelectorAll("[aria-invalid]").forEach((it) => it.removeAttribute("aria-invalid"));
  $("problem").hidden = !text;
  $("problem").textContent = text ?? "";
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

/** Does what a control asks for; what is refused is shown, what was shown before is no longer. */
export async function attempt(action) {
  complain(null);
  try {
    return await action();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    complain(e.message, e.field);
  }
}

/** Says whether a button can be used. It keeps the focus: the attribute "disabled" would drop it. */
export function enable(button, isEnabled) {
  button.setAttribute("aria-disabled", String(!isEnabled));
}

export const isEnabled = (button) => button.getAttribute("aria-disabled") !== "true";

export function onPress(button, action) {
  button.addEventListener("click", () => isEnabled(button) && action());
}
