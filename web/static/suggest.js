// Suggestions under the search box: the combobox pattern of ARIA 1.2. Without this the box is a plain form.
// Recent searches stay in this browser: they are kept in its storage and never sent anywhere.
"use strict";

(() => {
  const KEPT = "gongwen.recent";
  const MOST_KEPT = 8;
  const WAIT = 120;

  const recent = () => {
    try {
      const found = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
      return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  };

  const keep = (list) => {
    try {
      if (list.length > 0) localStorage.setItem(KEPT, JSON.stringify(list.slice(0, MOST_KEPT)));
      else localStorage.removeItem(KEPT);
    } catch {
      // storage may be forbidden; then nothing is remembered
    }
  };

  const remember = (text) => {
    if (text.trim() !== "") keep([text, ...recent().filter((one) => one !== text)]);
  };

  const recentGroup = (typed) => {
    const found = recent().filter((one) => one !== typed && one.includes(typed)).slice(0, typed === "" ? MOST_KEPT : 2);
    const items = found.map((text) => ({ label: text, text, url: null }));
    if (typed === "" && items.length > 0) items.push({ label: "清除最近检索", clears: true });
    return items.length > 0 ? [{ kind: "recent", label: "最近", items }] : [];
  };

  const element = (name, attributes, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  class Box {
    constructor(input) {
      this.input = input;
      this.form = input.form;
      this.only = input.dataset.suggest; // "" for all kinds, else the one kind that is sought here, without what was searched
      this.typed = input.value;
      this.asked = null;
      this.timer = 0;
      this.options = [];
      this.active = -1;
      const id = `${input.id}-list`;
      this.list = element("div", { id, class: "suggestions", role: "listbox", "aria-label": "检索建议" });
      this.list.hidden = true;
      this.told = element("span", { class: "visually-hidden", role: "status", "aria-live": "polite" });
      this.form.append(this.list, this.told);
      const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" };
      for (const [key, value] of Object.entries(roles)) input.setAttribute(key, value);
      input.addEventListener("input", (event) => this.changed(event));
      input.addEventListener("compositionend", () => this.changed(null));
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("click", () => this.input.value === "" && this.show([]));
      input.addEventListener("blur", () => this.close());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
      this.list.addEventListener("click", (event) => this.clicked(event));
      if (this.only === "") this.form.addEventListener("submit", () => remember(this.input.value));
    }

    changed(event) {
      if (event !== null && event.isComposing) return; // letters of an input method are not yet words
      this.typed = this.input.value;
      clearTimeout(this.timer);
      this.asked?.abort();
      if (this.typed.trim() === "") {
        this.show([]);
        return;
      }
      this.timer = setTimeout(() => this.ask(this.typed), WAIT);
    }

    async ask(typed) {
      this.asked = new AbortController();
      try {
        const answer = await fetch(`/suggest?q=${encodeURIComponent(typed)}`, { signal: this.asked.signal });
        if (!answer.ok) return;
        const { groups } = await answer.json();
        if (typed === this.input.value && document.activeElement === this.input) this.show(groups);
      } catch (error) {
        if (error.name !== "AbortError") this.close(); // no suggestions are no error of the person's
      }
    }

    show(groups) {
      const all = this.only === ""
        ? [...groups, ...recentGroup(this.input.value.trim())]
        : groups.filter((group) => group.kind === this.only);
      this.list.replaceChildren(...all.map((group, at) => this.group(group, at)));
      this.options = [...this.list.querySelectorAll('[role="option"]')];
      this.options.forEach((option, at) => (option.id = `${this.list.id}-${at}`));
      this.point(-1);
      this.list.hidden = this.options.length === 0;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.told.textContent = this.list.hidden ? "" : `有 ${this.options.length} 条建议，用上下键选择`;
    }

    group(found, at) {
      const name = `${this.list.id}-group-${at}`;
      const made = element("div", { role: "group", "aria-labelledby": name, class: `suggestion-group ${found.kind}` });
      made.append(element("div", { id: name, class: "suggestion-kind", role: "presentation" }, found.label));
      for (const one of found.items) {
        const option = element("div", { role: "option", "aria-selected": "false", class: "suggestion" });
        option.append(element("span", { class: "suggestion-label" }, one.label));
        if (one.note) option.append(element("span", { class: "suggestion-note" }, one.note));
        option.chosen = { kind: found.kind, ...one };
        made.append(option);
      }
      return made;
    }

    key(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (Object.hasOwn(moves, event.key)) {
        if (this.list.hidden) {
          if (this.input.value.trim() === "") this.show([]);
          else this.ask(this.input.value);
        } else if (!event.altKey) {
          this.step(moves[event.key]);
        } else if (event.key === "ArrowUp") {
          this.close();
        }
        event.preventDefault();
      } else if (event.key === "Escape" && !this.list.hidden) {
        this.input.value = this.typed;
        this.close();
        event.preventDefault(); // a second Escape empties the box, as browsers do
      } else if (event.key === "Enter" && this.active >= 0) {
        event.preventDefault();
        this.choose(this.options[this.active].chosen);
      }
    }

    // Beyond either end the active option is none: the box with what was typed.
    step(by) {
      const count = this.options.length + 1;
      this.point(((this.active + 1 + by + count) % count) - 1);
    }

    point(at) {
      this.options[this.active]?.setAttribute("aria-selected", "false");
      this.active = at;
      const option = this.options[at];
      if (option === undefined) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    clicked(event) {
      const option = event.target.closest('[role="option"]');
      if (option !== null) this.choose(option.chosen);
    }

    // A number or a title leads to its paper; a name is searched with the filters that are set.
    choose(one) {
      if (one.clears) {
        keep([]);
        this.close();
        return;
      }
      if (one.kind === "number" || one.kind === "title") {
        location.assign(one.url);
        return;
      }
      this.input.value = one.text;
      this.close();
      this.form.requestSubmit();
    }

    close() {
      clearTimeout(this.timer);
      this.asked?.abort();
      this.point(-1);
      this.list.hidden = true;
      this.told.textContent = "";
      this.input.setAttribute("aria-expanded", "false");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("[data-suggest]")) new Box(input);
    const clear = document.querySelector("[data-clear-recent]");
    clear?.addEventListener("click", () => {
      keep([]);
      clear.disabled = true;
      clear.textContent = "已清除";
    });
  });
})();
