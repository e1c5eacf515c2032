// Runs before the page is painted: shows it as chosen, else as the machine likes it.
"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("weft-theme");
    } catch {
      return null; // Some browsers keep nothing for pages that are files.
    }
  };
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) button.textContent = theme === "dark" ? "Light" : "Dark";
  };
  const fresh = () => apply(chosen() ?? (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", fresh);
  fresh();
  document.addEventListener("DOMContentLoaded", () => {
    fresh();
    document.getElementById("theme").addEventListener("click", () => {
      const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("weft-theme", theme);
      } catch {
        // Then the choice holds for this page.
      }
      apply(theme);
    });
  });
})();
