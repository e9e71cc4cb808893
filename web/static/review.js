// Keys of review: Enter confirms, e corrects, x not in the text, s and j on, k back, u takes back. On the page of a
// paper the card opens beside the value. Without this file the same forms and links do it all.
"use strict";

(() => {
  const wanted = () => {
    try {
      return localStorage.getItem("gongwen.keys") !== "off";
    } catch {
      return true; // storage may be forbidden; the keys then stay on
    }
  };

  const isTyping = (target) => target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const isPressable = (target) => target instanceof Element && target.closest("a, button, summary, input, select, textarea") !== null;

  // The card that keys are for: the one of an open dialog, else the page's.
  const card = () => document.querySelector("dialog[open] [data-card]") ?? document.querySelector("main [data-card]");

  const press = (verb) => {
    const button = card()?.querySelector(`[data-verb="${verb}"]`);
    if (!button) return false;
    button.form.requestSubmit(button);
    return true;
  };

  const follow = (selector) => {
    const link = document.querySelector(selector);
    if (link === null) return false;
    link.click();
    return true;
  };

  const toCorrect = () => {
    const box = card()?.querySelector("[data-say]");
    if (!box) return false;
    box.focus();
    if (box.select) box.select();
    return true;
  };

  const takeBack = () => {
    const form = document.querySelector("[data-undo]");
    if (form === null) return false;
    form.requestSubmit();
    return true;
  };

  // On the page of a paper: from value to value.
  const step = (by) => {
    if (document.querySelector("dialog[open]") !== null) return false;
    const links = [...document.querySelectorAll(".reviewing [data-judge-link]")].filter((one) => one.checkVisibility());
    if (links.length === 0) return false;
    const now = links.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + by));
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };

  const ACTS = {
    Enter: () => press("confirm"),
    e: toCorrect,
    x: () => press("deny"),
    b: () => press("insist"),
    s: () => follow("[data-skip]"),
    j: () => follow("[data-next]") || step(1),
    k: () => follow("[data-previous]") || step(-1),
    u: takeBack,
  };

  document.addEventListener("keydown", (event) => {
    const act = Object.hasOwn(ACTS, event.key) ? ACTS[event.key] : null;
    if (act === null || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isTyping(event.target) || !wanted()) return;
    if (event.key === "Enter" && isPressable(event.target)) return;
    if (act()) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isTyping(event.target) || event.isComposing) return;
    const dialog = event.target.closest("dialog");
    event.target.blur();
    if (dialog) event.preventDefault();
  });

  // A form is sent once, however often it is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "1") {
      event.preventDefault();
      return;
    }
    if (form.method === "post") form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // The card of a value, fetched and shown beside it. Whatever goes wrong, the link leads to the page of its own.
  const open = async (link) => {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-card]");
    if (found === null) {
      location.href = link.href;
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.className = "judge-dialog";
    dialog.setAttribute("aria-label", found.getAttribute("aria-label") ?? "复核");
    const row = document.createElement("p");
    row.className = "close-row";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link";
    close.textContent = "关闭 Esc";
    close.addEventListener("click", () => dialog.close());
    row.append(close);
    dialog.append(row, document.importNode(found, true));
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    document.activeElement.blur();
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-judge-link]") : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    open(link).catch(() => {
      location.href = link.href;
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
    const hint = document.querySelector("[data-keys-hint]");
    if (hint !== null && wanted()) hint.hidden = false;
    const problem = document.querySelector("[data-card] [aria-invalid]");
    if (problem !== null) problem.focus();
  });
})();
