// Pages of the original as pictures: those near are fetched, one that fails says so, the address keeps the page.
// Without this file the pages around the one in the address are there, and links lead to the others.
"use strict";

window.gongwenSheets = (() => {
  const pane = document.querySelector("[data-sheets]");
  if (pane === null) return null;
  const base = pane.dataset.sheets;
  const full = new URLSearchParams(location.search).get("full") === "1" ? "?full=1" : "";
  const wide = window.matchMedia("(min-width: 62rem)");
  const TRIES = 6;
  const AHEAD = "150% 0px";
  const UNSHOWABLE = "这一页无法显示，请下载原件查看。";
  const LOST = "这一页没有取到，请检查网络后重试。";
  const under = new Map();

  const sheetOf = (number) => pane.querySelector(`li[data-page="${number}"]`);

  const note = (sheet, text) => {
    const lost = document.createElement("div");
    lost.className = "leaf leaf-lost";
    const words = document.createElement("p");
    words.setAttribute("role", "note");
    words.textContent = text;
    lost.append(words);
    sheet.querySelector(".leaf, a")?.replaceWith(lost);
  };

  // --- pages that come when they are near ---------------------------------------------------------------

  const fetchSheet = async (number) => {
    const answer = await fetch(`${base}/page/${number}${full}`, { headers: { "X-Part": "1" } });
    if (!answer.ok) throw new Error(`page ${number}: ${answer.status}`);
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    const sheet = made.content.querySelector("li.sheet");
    const before = sheetOf(number);
    keepPlace(before, () => before.replaceWith(sheet));
    watch(sheet);
    document.dispatchEvent(new CustomEvent("gongwen:sheet"));
  };

  // What is read stays where it is when a page above it becomes higher.
  const keepPlace = (before, change) => {
    const box = wide.matches ? pane : document.scrollingElement;
    const isAbove = before.getBoundingClientRect().bottom < (wide.matches ? pane.getBoundingClientRect().top : 0);
    const height = box.scrollHeight;
    change();
    if (isAbove) box.scrollTop += box.scrollHeight - height;
  };

  const fill = (number) => {
    const sheet = sheetOf(number);
    if (sheet === null || !sheet.classList.contains("far")) return Promise.resolve();
    if (!under.has(number)) {
      const done = fetchSheet(number).catch(() => sheet.isConnected && note(sheet, LOST)).finally(() => under.delete(number));
      under.set(number, done);
    }
    return under.get(number);
  };

  // --- pictures that do not come ------------------------------------------------------------------------

  const again = (image, tries) => {
    image.dataset.tries = String(tries + 1);
    image.addEventListener("load", () => image.closest(".leaf").classList.remove("waiting"), { once: true });
    const source = image.srcset;
    image.srcset = "";
    image.srcset = source;
  };

  const explain = async (image) => {
    const tries = Number(image.dataset.tries ?? 0);
    const sheet = image.closest(".sheet");
    try {
      const answer = await fetch(image.currentSrc || image.src, { headers: { Accept: "application/json" } });
      if (answer.ok || answer.status === 503) {
        if (tries >= TRIES) return note(sheet, LOST);
        const pause = Number(answer.headers.get("Retry-After") ?? 1);
        image.closest(".leaf").classList.add("waiting");
        return setTimeout(() => again(image, tries), 1000 * pause * (1 + Math.random()));
      }
      const told = await answer.json();
      return note(sheet, told.code === 422 ? told.error : UNSHOWABLE);
    } catch {
      return note(sheet, LOST);
    }
  };

  pane.addEventListener("error", (event) => event.target instanceof HTMLImageElement && explain(event.target), true);

  // --- which page is read -------------------------------------------------------------------------------

  let near = null;
  const watch = (sheet) => near?.observe(sheet);

  const start = () => {
    near?.disconnect();
    near = new IntersectionObserver(
      (found) => found.filter((one) => one.isIntersecting).forEach((one) => fill(Number(one.target.dataset.page))),
      { root: wide.matches ? pane : null, rootMargin: AHEAD },
    );
    for (const sheet of pane.querySelectorAll(".sheet.far")) watch(sheet);
  };

  const current = () => {
    const frame = wide.matches ? pane.getBoundingClientRect() : { top: 0, height: innerHeight };
    const line = frame.top + frame.height / 2;
    const shown = [...pane.querySelectorAll(".sheet")].filter((one) => one.getBoundingClientRect().top <= line);
    return shown.at(-1)?.dataset.page ?? null;
  };

  const keepInAddress = () => {
    const number = current();
    const here = new URL(location.href);
    if (number === null || here.searchParams.get("page") === number) return;
    here.searchParams.set("view", "pages");
    here.searchParams.set("page", number);
    history.replaceState(null, "", here);
    const text = document.querySelector('[data-look="text"]');
    text.hash = `page-${number}`;
    for (const link of document.querySelectorAll('[data-look="pages"], [data-stays]')) {
      const there = new URL(link.href);
      there.searchParams.set("page", number);
      link.href = there.href;
    }
  };

  let resting = 0;
  const scrolled = () => {
    clearTimeout(resting);
    resting = setTimeout(keepInAddress, 250);
  };
  pane.addEventListener("scroll", scrolled, { passive: true });
  window.addEventListener("scroll", scrolled, { passive: true });
  wide.addEventListener("change", start);
  start();
  for (const image of pane.querySelectorAll("img")) if (image.complete && image.naturalWidth === 0 && image.currentSrc) explain(image);

  // The page of the address comes into the pane, which the browser does not scroll by itself.
  const asked = new URLSearchParams(location.search).get("page");
  if (location.hash === "" && asked !== null) {
    const sheet = sheetOf(asked);
    if (sheet !== null && wide.matches) pane.scrollTop = sheet.offsetTop;
    else if (sheet !== null && sheet.previousElementSibling !== null) sheet.scrollIntoView();
  }

  // --- larger and smaller -------------------------------------------------------------------------------

  const STEPS = [100, 150, 200, 300];
  const zoom = document.querySelector("[data-zoom]");
  let step = 0;
  const setZoom = (to) => {
    const number = current();
    const was = step;
    step = Math.min(STEPS.length - 1, Math.max(0, to));
    pane.dataset.zoom = String(STEPS[step]);
    for (const image of pane.querySelectorAll("img")) image.sizes = step === 0 ? "(min-width: 62rem) 43rem, 100vw" : `${STEPS[step]}vw`;
    zoom.querySelector("[data-zoom-now]").textContent = step === 0 ? "适合宽度" : `${STEPS[step]}%`;
    zoom.querySelector('[data-zoom-by="-1"]').disabled = step === 0;
    zoom.querySelector('[data-zoom-by="1"]').disabled = step === STEPS.length - 1;
    if (wide.matches && was !== step && number !== null) pane.scrollTop = sheetOf(number).offsetTop;
  };
  zoom.hidden = false;
  setZoom(0);
  for (const button of zoom.querySelectorAll("button")) button.addEventListener("click", () => setZoom(step + Number(button.dataset.zoomBy)));

  return { fill, has: (number) => sheetOf(number) !== null };
})();
