// One field for the guides, word by word, and for all names of both APIs. The index is a script, as a page
// that was opened as a file may fetch nothing; it is loaded when somebody is about to search.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const list = results.querySelector("ul");
  const count = document.getElementById("count");
  const MOST = 14;

  const script = (name) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = `${root}assets/${name}`;
      element.onload = resolve;
      element.onerror = () => reject(new Error(`cannot load ${element.src}`));
      document.head.append(element);
    });

  let loading;
  const load = () =>
    (loading ??= Promise.all([script("lunr.js"), script("index.js")]).then(() => {
      const { sections, symbols } = window.weftIndex;
      const words = lunr(function () {
        this.ref("at");
        this.field("title", { boost: 8 });
        this.field("page", { boost: 2 });
        this.field("text");
        sections.forEach((section, at) => this.add({ ...section, at }));
      });
      return { sections, symbols, words };
    }));

  const shortOwner = (symbol) => symbol.owner.replace(/^(?:[a-z]\w*\.)*(?=[A-Z])/, "");
  const shown = (symbol) => (symbol.type || !/[A-Z]/.test(symbol.owner) ? "" : `${shortOwner(symbol)}.`) + symbol.name;

  // gpc finds GatedPixelCnn: each letter begins a word of the name, in order.
  const isInitials = (letters, name) => {
    const initials = name.replace(/^[a-z]/, (first) => first.toUpperCase()).replace(/[^A-Z]/g, "").toLowerCase();
    return letters.length > 1 && initials.startsWith(letters);
  };

  const likeness = (symbol, typed) => {
    const simple = symbol.name.replace(/\(.*/, "");
    const name = simple.toLowerCase();
    const full = shown(symbol).replace(/\(.*/, "").toLowerCase();
    const extra = (symbol.type ? 5 : 0) - name.length / 100;
    if (typed === name || typed === full || typed === `${symbol.owner}.${simple}`.toLowerCase()) return 100 + extra;
    if (name.startsWith(typed) || full.startsWith(typed)) return 80 + extra;
    if (isInitials(typed, simple)) return 60 + extra;
    return typed.length > 2 && full.includes(typed) ? 40 + extra : 0;
  };

  const findSymbols = (symbols, text) => {
    const typed = text.toLowerCase().replace(/\(.*/, "").replace("#", ".");
    if (/\s/.test(typed)) return [];
    const seen = new Set();
    return symbols
      .map((symbol) => ({ symbol, likeness: likeness(symbol, typed) }))
      .filter((found) => found.likeness > 0)
      .sort((a, b) => b.likeness - a.likeness)
      .filter(({ symbol }) => {
        const overloads = `${symbol.language} ${symbol.owner} ${symbol.name.replace(/\(.*/, "")}`;
        return !seen.has(overloads) && seen.add(overloads);
      });
  };

  const findSections = ({ words, sections }, text) => {
    const terms = lunr.tokenizer(text).map(String);
    const found = words.query((builder) => {
      terms.forEach((term, at) => {
        builder.term(term, { boost: 10 });
        if (at === terms.length - 1) builder.term(term, { boost: 3, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
        if (term.length > 4) builder.term(term, { editDistance: 1 });
      });
    });
    return found.map(({ ref }) => sections[ref]);
  };

  const excerpt = (text, terms) => {
    const lower = text.toLowerCase();
    const at = terms.map((term) => lower.indexOf(term.toLowerCase())).filter((it) => it >= 0);
    const from = lower.lastIndexOf(" ", (at.length ? Math.min(...at) : 0) - 40) + 1;
    return (from ? "…" : "") + text.slice(from, from + 140) + (from + 140 < text.length ? "…" : "");
  };

  const entry = (kind, title, where, text, url) => {
    const link = document.createElement("a");
    link.href = root + url;
    for (const [name, content] of [["kind", kind], ["title", title], ["where", where], ["text", text]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = content;
      link.append(part, " ");
    }
    const item = document.createElement("li");
    item.append(link);
    return item;
  };

  const show = (isShown) => {
    results.hidden = !isShown;
  };

  const search = async () => {
    const text = query.value.trim();
    if (!text) return show(false);
    const index = await load();
    if (text !== query.value.trim()) return undefined;
    const names = findSymbols(index.symbols, text);
    const sections = findSections(index, text);
    const near = names.filter((found) => found.likeness > 70).slice(0, 6);
    const far = names.filter((found) => !near.includes(found));
    const terms = text.split(/\s+/);
    const ofName = ({ symbol }) =>
      entry(symbol.language, shown(symbol), symbol.owner.replace(/\.[A-Z].*/, ""), symbol.text, symbol.url);
    const ofSection = (section) =>
      entry("Guide", section.title || section.page, section.page, excerpt(section.text, terms), section.url);
    const items = [...near.map(ofName), ...sections.slice(0, MOST - near.length).map(ofSection)];
    items.push(...far.slice(0, Math.max(0, MOST - items.length)).map(ofName));
    list.replaceChildren(...items);
    const all = names.length + sections.length;
    count.textContent = all === 0 ? `Nothing has "${text}".` : all > items.length ? `The ${items.length} best of ${all}` : `${all} found`;
    return show(true);
  };

  query.addEventListener("focus", load);
  query.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    const links = [query, ...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      show(false);
      query.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (results.hidden) return void search();
      const to = at + (event.key === "ArrowDown" ? 1 : -1);
      links[Math.max(0, Math.min(links.length - 1, to))].focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => form.contains(document.activeElement) || show(false), 150);
  });
  query.addEventListener("click", search);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea")) return;
    event.preventDefault();
    query.focus();
  });
})();
