// The workshop without reloading: flags are settled by click or key, what is typed is saved by itself. Every form and
// link works without this file; here the answer of the server takes the place of the part of the page that shows it.
"use strict";

(() => {
  const SAVE_AFTER = 700;
  const TRY_AGAIN = 3000;
  const PREFIX = "gongwen.draft.";

  const desk = () => document.querySelector("[data-workshop]");
  const keysWanted = () => {
    try {
      return localStorage.getItem("gongwen.keys") !== "off";
    } catch {
      return true; // storage may be forbidden; the keys then stay on
    }
  };
  const isTyping = (target) => target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select") !== null;
  const isPressable = (target) => target instanceof Element && target.closest("a, button, summary, input, select, textarea") !== null;

  // --- what is typed is kept here until the server has it ---------------------------------------------------

  const place = (id) => `${PREFIX}${desk().dataset.workshop}.${id}`;
  const remember = (id, text) => {
    try {
      localStorage.setItem(place(id), text);
    } catch {
      // without storage the server's copy is the only one
    }
  };
  const forget = (id) => {
    try {
      localStorage.removeItem(place(id));
    } catch {
      // nothing was kept
    }
  };
  const remembered = (id) => {
    try {
      return localStorage.getItem(place(id));
    } catch {
      return null;
    }
  };

  // --- taking over what the server shows -----------------------------------------------------------------------

  let busy = false;

  const swap = (html, address) => {
    const found = new DOMParser().parseFromString(html, "text/html");
    const fresh = found.querySelector("[data-workshop]");
    if (fresh === null) return false;
    desk().replaceWith(document.importNode(fresh, true));
    document.title = found.title;
    history.replaceState(null, "", address);
    ready();
    const card = document.querySelector("[data-card]");
    const wanted = card ?? document.getElementById(new URL(address, location.href).hash.slice(1));
    if (wanted !== null) {
      const box = wanted.getBoundingClientRect();
      const bar = document.querySelector(".desk-bar")?.offsetHeight ?? 0;
      if (box.top < bar + 8 || box.bottom > innerHeight) (wanted.closest(".line") ?? wanted).scrollIntoView({ block: box.height < innerHeight / 2 ? "center" : "start" });
    }
    const problem = document.querySelector("[data-problem]");
    if (problem !== null) problem.scrollIntoView({ block: "center" });
    return true;
  };

  const show = async (address) => {
    if (busy) return;
    busy = true;
    try {
      await saveAll();
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!swap(await answer.text(), address)) location.href = address;
    } catch {
      location.href = address;
    } finally {
      busy = false;
    }
  };

  const send = async (form, button) => {
    if (busy) return;
    busy = true;
    try {
      const writing = form.querySelector("[data-write]");
      if (writing === null) await saveAll();
      else clearTimeout(timers.get(writing));
      const body = new FormData(form);
      if (button?.name) body.set(button.name, button.value);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      const hash = answer.redirected ? answer.url : location.href;
      const html = await answer.text();
      if (writing !== null && answer.ok) forget(writing.dataset.write);
      if (!swap(html, hash)) document.querySelector("[data-workshop]").insertAdjacentText("afterbegin", "没有保存成功，请刷新页面后再试。");
    } catch {
      told(form, "连不上，没有保存；请稍后再按一次");
    } finally {
      busy = false;
    }
  };

  const told = (form, text) => {
    const line = form.querySelector("[data-saved]");
    if (line !== null) line.textContent = text;
  };

  // --- saving while typing -----------------------------------------------------------------------------------

  const timers = new Map();
  const running = new Map();
  const batch = Math.random().toString(16).slice(2, 14);

  const save = (area) => {
    clearTimeout(timers.get(area));
    timers.delete(area);
    const before = running.get(area) ?? Promise.resolve();
    const now = before.then(() => saveNow(area));
    running.set(area, now);
    return now;
  };

  const saveNow = async (area) => {
    if (area.value === area.dataset.kept) return;
    const form = area.form;
    const text = area.value;
    const body = new FormData(form);
    body.set("batch", `${batch}.${area.dataset.write}`.slice(0, 24));
    told(form, "正在保存…");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      const found = await answer.json();
      if (!answer.ok) {
        told(form, answer.status === 409 ? `${found.error}，没有保存。现在的内容是：${found.now}` : (found.error ?? "没有保存"));
        return;
      }
      area.dataset.kept = text;
      if (area.value === text) forget(area.dataset.write);
      const line = form.querySelector("[data-seen]").dataset.seen;
      for (const one of document.querySelectorAll(`[data-seen="${line}"]`)) one.value = found.seen;
      const progress = document.querySelector("[data-progress]");
      if (progress !== null) progress.textContent = `已处理 ${found.settled} / ${found.asked}`;
      told(form, `已保存 ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`);
    } catch {
      told(form, "连不上，文字留在本机，正在重试");
      timers.set(area, setTimeout(() => save(area), TRY_AGAIN));
    }
  };

  const saveAll = () => Promise.all([...document.querySelectorAll("[data-write]")].filter((one) => one.value !== one.dataset.kept).map(save));

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || !area.dataset.write) return;
    remember(area.dataset.write, area.value);
    told(area.form, "");
    clearTimeout(timers.get(area));
    timers.set(area, setTimeout(() => save(area), SAVE_AFTER));
  });
  addEventListener("pagehide", () => {
    for (const area of document.querySelectorAll("[data-write]")) if (area.value !== area.dataset.kept) save(area);
  });

  // --- clicks and keys ----------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-flag], a[data-edit]") : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    show(link.href);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-act]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  const press = (verb) => {
    const button = document.querySelector(`[data-card] [data-verb="${verb}"]`);
    if (button === null) return false;
    button.form.requestSubmit(button);
    return true;
  };
  const step = (by) => {
    const link = document.querySelector(`[data-card] [data-step="${by}"]`) ?? (document.querySelector("[data-card]") === null ? document.querySelector("[data-first]") : null);
    if (link === null) return false;
    show(link.href);
    return true;
  };
  const focus = () => {
    const box = document.querySelector("[data-card] [data-type]");
    if (box === null) return false;
    box.focus();
    return true;
  };
  const look = () => {
    const link = document.querySelector("[data-card] [data-source]");
    if (link === null) return false;
    link.click();
    return true;
  };
  const undo = () => {
    const form = document.querySelector("[data-undo]");
    if (form === null) return false;
    form.requestSubmit();
    return true;
  };
  const ACTS = { j: () => step(1), k: () => step(-1), o: () => press("old"), x: () => press("cut"), e: focus, s: look, u: undo, Enter: () => press("keep") };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target) && !event.isComposing) {
      event.target.blur();
      return;
    }
    const act = Object.hasOwn(ACTS, event.key) ? ACTS[event.key] : null;
    if (act === null || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isTyping(event.target) || !keysWanted()) return;
    if (event.key === "Enter" && isPressable(event.target)) return;
    if (act()) event.preventDefault();
  });

  // --- what is done whenever a page is shown -----------------------------------------------------------------

  const ready = () => {
    const hint = document.querySelector("[data-keys-hint]");
    if (hint !== null && keysWanted()) hint.hidden = false;
    for (const area of document.querySelectorAll("[data-write]")) {
      area.dataset.kept = area.value;
      const text = remembered(area.dataset.write);
      if (text !== null && text !== area.value) {
        area.value = text;
        told(area.form, "这是上次没有存上的文字，请核对后保存");
      } else forget(area.dataset.write);
    }
    const lost = Object.keys(storage()).filter((key) => key.startsWith(place(""))).map((key) => key.slice(place("").length));
    const elsewhere = lost.filter((id) => document.querySelector(`[data-write="${id}"]`) === null);
    if (elsewhere.length > 0 && document.querySelector("[data-lost]") === null) tellLost(elsewhere[0]);
    const area = document.querySelector("[data-write], .row-form input[name=cell]");
    if (area !== null && document.querySelector("[data-card]") === null) area.focus({ preventScroll: true });
  };

  const storage = () => {
    try {
      return localStorage;
    } catch {
      return {};
    }
  };

  const tellLost = (id) => {
    const line = document.createElement("p");
    line.className = "notice";
    line.dataset.lost = id;
    const link = document.createElement("a");
    link.href = `?edit=${encodeURIComponent(id)}#l-${encodeURIComponent(id.split("-")[0])}`;
    link.dataset.edit = "";
    link.textContent = "有一处文字上次没有存上，点这里接着改";
    line.append(link);
    document.getElementById("progress").before(line);
  };

  document.addEventListener("DOMContentLoaded", ready);
})();
