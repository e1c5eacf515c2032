// Colours and copies code, opens the contents on a phone, and marks the heading that is being read.
"use strict";

for (const code of document.querySelectorAll("pre > code[class*='language-']")) {
  if (!code.classList.contains("language-text")) hljs.highlightElement(code);
}

// Where no permission to write to the clipboard is given, as in a file, a selection still can be copied.
const copy = async (text, block) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return document.execCommand("copy");
  }
};

for (const figure of document.querySelectorAll("figure.code")) {
  const block = figure.querySelector("pre");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const done = await copy(block.textContent.trimEnd() + "\n", block);
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  figure.append(button);
}

const menu = document.getElementById("menu");
const contents = document.getElementById("contents");
const open = (isOpen) => {
  menu.setAttribute("aria-expanded", isOpen);
  contents.classList.toggle("open", isOpen);
};
menu.addEventListener("click", () => open(menu.getAttribute("aria-expanded") !== "true"));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !contents.classList.contains("open")) return;
  open(false);
  menu.focus();
});
contents.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

const toc = document.getElementById("toc");
if (toc) {
  if (matchMedia("(max-width: 75rem)").matches) toc.querySelector("details").open = false;
  const links = new Map();
  for (const link of toc.querySelectorAll("a")) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const places = [...links.keys()].map((id) => document.getElementById(id));
  const mark = () => {
    const reading = places.findLast((place) => place.getBoundingClientRect().top < 120) ?? places[0];
    for (const [id, link] of links) {
      if (id === reading.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}
