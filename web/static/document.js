// Values and their places in the text point at each other. Without this file the links do the same by their anchors.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const values = [...document.querySelectorAll(".val[data-path]")];
  const places = [...document.querySelectorAll(".ev[data-paths]")];
  const facts = document.querySelector("[data-facts]");
  const paper = document.querySelector("[data-text] .paper");
  const told = document.querySelector("[data-told]");
  const toldHere = document.querySelector("[data-told-here]");
  const wide = window.matchMedia("(min-width: 62rem)");
  const placesOf = new Map();
  let pinned = [];

  for (const place of places) {
    for (const path of place.dataset.paths.split(" ")) {
      if (!placesOf.has(path)) placesOf.set(path, []);
      placesOf.get(path).push(place);
    }
  }

  // A value's own places, else those of the row or list it stands in.
  const findPlaces = (path) => {
    for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      if (placesOf.has(at)) return placesOf.get(at);
    }
    return [];
  };

  const findValues = (paths) =>
    values.filter((value) => {
      const path = value.dataset.path;
      return paths.some((one) => one === path || one.startsWith(`${path}/`) || (path.startsWith(`${one}/`) && findPlaces(path) === placesOf.get(one)));
    });

  const light = (found) => {
    for (const one of document.querySelectorAll(".lit")) one.classList.remove("lit");
    for (const one of found) one.classList.add("lit");
  };

  const say = (text) => {
    told.textContent = text;
    toldHere.textContent = text;
  };

  // Scrolls the pane and never the page, so that pointing at a value does not move what is pointed at.
  const bringIntoPaper = (place) => {
    const box = place.getBoundingClientRect();
    const frame = paper.getBoundingClientRect();
    if (box.top >= frame.top + 24 && box.bottom <= frame.bottom - 24) return;
    paper.scrollTop += box.top - frame.top - paper.clientHeight / 3;
  };

  const showPlaces = (value, { scroll }) => {
    const found = findPlaces(value.dataset.path);
    light([...found, value]);
    const beside = found[0]?.closest("details");
    if (beside) beside.open = true;
    if (scroll && found.length > 0) bringIntoPaper(found[0]);
    return found;
  };

  const nameOf = (value) => {
    const label = value.closest("dl > div")?.querySelector("dt");
    const cell = value.closest("td");
    const column = cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    return (label ?? column)?.textContent ?? "待核对";
  };

  for (const value of values) {
    value.addEventListener("mouseenter", () => wide.matches && showPlaces(value, { scroll: true }));
    value.addEventListener("focus", () => wide.matches && showPlaces(value, { scroll: true }));
    for (const leaving of ["mouseleave", "blur"]) value.addEventListener(leaving, () => light(pinned));
    value.addEventListener("click", (event) => {
      const found = showPlaces(value, { scroll: wide.matches });
      if (found.length === 0) return;
      pinned = [...found, value];
      say(`已标出“${nameOf(value)}”的出处，共${new Set(found.map((one) => one.closest("p, td, th, dd"))).size}处`);
      if (wide.matches) event.preventDefault();
    });
  }

  for (const place of places) {
    place.addEventListener("click", (event) => {
      const paths = place.dataset.paths.split(" ");
      const found = findValues(paths);
      if (found.length === 0) return;
      event.preventDefault();
      pinned = [place, ...found];
      light(pinned);
      say(`取自此处的有：${place.title}`);
      found[0].scrollIntoView({ block: "center" });
      if (!wide.matches) found[0].focus({ preventScroll: true });
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pinned = [];
    light([]);
    say("");
  });

  const fromAddress = () => {
    const place = places.find((one) => `#${one.id}` === location.hash);
    if (place === undefined) return;
    const beside = place.closest("details");
    if (beside) beside.open = true;
    place.scrollIntoView({ block: "center" });
  };
  window.addEventListener("hashchange", fromAddress);
  fromAddress();

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const done = await copy(source);
      button.textContent = done ? "已复制" : "请按 Ctrl+C 复制";
      say(done ? "引用写法已复制" : "引用写法已选中，请按 Ctrl+C 复制");
    });
  }

  // The clipboard is closed to pages without HTTPS off this machine: then the text is selected for the person to copy.
  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(source);
      return false;
    }
  };
});
