// Keys for lists of papers: "/" to the search box, j and k through the hits. They can be switched off on the help page.
"use strict";

(() => {
  const KEPT = "gongwen.keys";

  const wanted = () => {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true; // storage may be forbidden; the keys then stay on
    }
  };

  const isTyping = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

  const move = (step) => {
    const hits = [...document.querySelectorAll("[data-hit]")];
    if (hits.length === 0) return false;
    const now = hits.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : hits.length - 1) : Math.min(hits.length - 1, Math.max(0, now + step));
    hits[next].focus();
    (hits[next].closest("li, tr") ?? hits[next]).scrollIntoView({ block: "nearest" });
    return true;
  };

  const toSearch = () => {
    const box = document.querySelector("[data-search]");
    if (box === null) return false;
    box.focus();
    box.select();
    return true;
  };

  const ACTS = { "/": toSearch, j: () => move(1), k: () => move(-1) };

  document.addEventListener("keydown", (event) => {
    const act = Object.hasOwn(ACTS, event.key) ? ACTS[event.key] : null;
    if (act === null || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || !wanted()) return;
    if (act()) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const filters = document.querySelector("[data-filters]");
    if (filters !== null && window.matchMedia("(max-width: 47.99rem)").matches) filters.open = false;
    const choice = document.querySelector("[data-keys-choice]");
    if (choice === null) return;
    const box = choice.querySelector("input");
    box.checked = wanted();
    choice.hidden = false;
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(KEPT, box.checked ? "on" : "off");
      } catch {
        choice.hidden = true;
      }
    });
  });
})();
