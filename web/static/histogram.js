// A range of bars chosen by dragging or with the arrow keys. Without this every bar is a link of its own.
"use strict";

(() => {
  const date = (iso) => iso.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");

  class Bars {
    constructor(box) {
      this.base = box.dataset.base;
      this.svg = box.querySelector("svg");
      this.bars = [...box.querySelectorAll("a.bar")];
      this.told = box.querySelector("[data-bars-told]");
      this.from = -1; // where the range was begun
      this.to = -1; // where it is now
      this.dragging = false;
      this.dragged = false;
      this.bars.forEach((bar, at) => bar.setAttribute("tabindex", at === 0 ? "0" : "-1"));
      box.querySelector("[data-bars-help]").hidden = false;
      this.svg.addEventListener("pointerdown", (event) => this.begin(event));
      this.svg.addEventListener("pointermove", (event) => this.dragging && this.reach(this.at(event)));
      this.svg.addEventListener("pointerup", (event) => this.end(event));
      this.svg.addEventListener("pointercancel", () => this.forget());
      this.svg.addEventListener("click", (event) => this.dragged && event.preventDefault(), true);
      this.svg.addEventListener("dragstart", (event) => event.preventDefault()); // a link would be dragged away
      this.svg.addEventListener("keydown", (event) => this.key(event));
    }

    at(event) {
      const box = this.svg.getBoundingClientRect();
      const at = Math.floor(((event.clientX - box.left) / box.width) * this.bars.length);
      return Math.min(this.bars.length - 1, Math.max(0, at));
    }

    begin(event) {
      if (event.button !== 0 || event.pointerType === "touch" || event.ctrlKey || event.metaKey || event.shiftKey) return;
      this.dragging = true;
      this.dragged = false;
      this.from = this.to = this.at(event);
    }

    reach(at) {
      if (at === this.to) return;
      this.to = at;
      if (!this.dragged && this.dragging) this.dragged = true;
      this.mark();
    }

    end(event) {
      if (!this.dragging) return;
      this.dragging = false;
      this.reach(this.at(event));
      if (this.dragged) this.go();
    }

    forget() {
      this.dragging = this.dragged = false;
      this.from = this.to = -1;
      this.mark();
    }

    range() {
      return [Math.min(this.from, this.to), Math.max(this.from, this.to)];
    }

    mark() {
      const [first, last] = this.range();
      this.bars.forEach((bar, at) => bar.classList.toggle("in-range", this.from >= 0 && at >= first && at <= last));
      this.told.textContent =
        this.from < 0 ? "" : `选中：${date(this.bars[first].dataset.from)}至${date(this.bars[last].dataset.to)}`;
    }

    go() {
      const [first, last] = this.range();
      const address = new URL(this.base, location.href);
      address.searchParams.set("from", this.bars[first].dataset.from);
      address.searchParams.set("to", this.bars[last].dataset.to);
      location.assign(address);
    }

    key(event) {
      const now = this.bars.indexOf(document.activeElement);
      if (now < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      const places = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: this.bars.length - 1 };
      if (Object.hasOwn(places, event.key)) {
        const next = Math.min(this.bars.length - 1, Math.max(0, places[event.key]));
        if (event.shiftKey && this.from < 0) this.from = now;
        if (!event.shiftKey) this.from = -1;
        this.to = event.shiftKey ? next : -1;
        this.mark();
        this.focus(next);
        event.preventDefault();
      } else if ((event.key === "Enter" || event.key === " ") && this.from >= 0) {
        event.preventDefault();
        this.go();
      } else if (event.key === "Escape" && this.from >= 0) {
        this.forget();
        event.preventDefault();
      }
    }

    focus(at) {
      this.bars.forEach((bar, place) => bar.setAttribute("tabindex", place === at ? "0" : "-1"));
      this.bars[at].focus();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-histogram]");
    if (box === null) return;
    if (window.matchMedia("(max-width: 47.99rem)").matches) box.open = false;
    new Bars(box);
  });
})();
