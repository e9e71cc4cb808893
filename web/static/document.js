// Values and their places in the original point at each other. Without this file the links do the same by their anchors.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const values = [...document.querySelectorAll(".val[data-path]")];
  const pane = document.querySelector("[data-text]");
  const paper = document.querySelector("[data-text] .paper");
  const told = document.querySelector("[data-told]");
  const toldHere = document.querySelector("[data-told-here]");
  const wide = window.matchMedia("(min-width: 62rem)");
  const sheets = window.gongwenSheets ?? null; // pages as pictures: some come when they are wanted
  const PASSING = 120; // milliseconds that a pointer on its way elsewhere stays on a value
  let placesOf = new Map();
  let pinned = [];
  let pointed = null;

  const isPlace = (one) => one instanceof Element && one.closest("[data-paths]");
  const pathsOf = (place) => place.dataset.paths.split(" ");

  const learnPlaces = () => {
    placesOf = new Map();
    for (const place of document.querySelectorAll("[data-paths]")) {
      for (const path of pathsOf(place)) {
        if (!placesOf.has(path)) placesOf.set(path, []);
        placesOf.get(path).push(place);
      }
    }
  };
  learnPlaces();

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
    if (box.top >= frame.top + 24 && box.bottom <= frame.bottom - 24 && box.left >= frame.left && box.right <= frame.right) return;
    paper.scrollTop += box.top - frame.top - paper.clientHeight / 3;
    if (box.left < frame.left || box.right > frame.right) paper.scrollLeft += box.left - frame.left - 24;
  };

  const showPlaces = (value, { scroll }) => {
    const found = findPlaces(value.dataset.path);
    light([...found, value]);
    const beside = found[0]?.closest("details");
    if (beside) beside.open = true;
    if (scroll && found.length > 0) bringIntoPaper(found[0]);
    return found;
  };

  // The page that a value stands on may have to come first.
  const fetchPlaces = async (value) => {
    if (sheets === null || value.dataset.page === undefined || findPlaces(value.dataset.path).length > 0) return;
    await sheets.fill(Number(value.dataset.page));
  };

  const point = async (value) => {
    if (!wide.matches) return;
    pointed = value;
    const found = showPlaces(value, { scroll: true });
    if (sheets === null || found.length > 0) return;
    await new Promise((done) => setTimeout(done, PASSING));
    if (pointed !== value) return;
    await fetchPlaces(value);
    if (pointed === value) showPlaces(value, { scroll: true });
  };

  const leave = () => {
    pointed = null;
    light(pinned);
  };

  const nameOf = (value) => {
    const label = value.closest("dl > div")?.querySelector("dt");
    const cell = value.closest("td");
    const column = cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    return (label ?? column)?.textContent ?? "待核对";
  };

  const count = (found) => new Set(found.map((one) => one.closest("p, td, th, dd, li"))).size;

  const pin = async (value) => {
    await fetchPlaces(value);
    const found = showPlaces(value, { scroll: wide.matches });
    if (found.length === 0) return false;
    pinned = [...found, value];
    say(`已标出“${nameOf(value)}”的出处，共${sheets === null ? count(found) : found.length}处`);
    if (!wide.matches && sheets !== null) {
      found[0].scrollIntoView({ block: "center" });
      found[0].focus({ preventScroll: true });
    }
    return true;
  };

  for (const value of values) {
    for (const coming of ["mouseenter", "focus"]) value.addEventListener(coming, () => point(value));
    for (const leaving of ["mouseleave", "blur"]) value.addEventListener(leaving, leave);
    value.addEventListener("click", async (event) => {
      const stays = wide.matches || sheets !== null;
      const known = findPlaces(value.dataset.path).length > 0 || (sheets?.has(Number(value.dataset.page)) ?? false);
      if (stays && known) event.preventDefault();
      if (known && !(await pin(value)) && stays) location.assign(value.href);
    });
  }

  const tell = (place) => place.getAttribute("aria-label") ?? place.getAttribute("title");

  // A box on a page lights what was read there as soon as it is pointed at; words in the text do when they are clicked.
  for (const [coming, leaving] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    pane.addEventListener(coming, (event) => {
      const place = isPlace(event.target);
      if (!place?.matches(".spot")) return;
      light([place, ...findValues(pathsOf(place))]);
      say(tell(place));
    });
    pane.addEventListener(leaving, (event) => {
      if (!isPlace(event.target)?.matches(".spot")) return;
      light(pinned);
      if (pinned.length === 0) say("");
    });
  }

  pane.addEventListener("click", (event) => {
    const place = isPlace(event.target);
    if (!place) return;
    const found = findValues(pathsOf(place));
    if (found.length === 0) return;
    event.preventDefault();
    pinned = [place, ...found];
    light(pinned);
    say(`取自此处的有：${tell(place)}`);
    found[0].scrollIntoView({ block: "center" });
    if (!wide.matches) found[0].focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pinned = [];
    light([]);
    say("");
  });

  const fromAddress = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!isPlace(place)) return;
    const beside = place.closest("details");
    if (beside) beside.open = true;
    place.scrollIntoView({ block: "center" });
  };
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("gongwen:sheet", learnPlaces);
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
