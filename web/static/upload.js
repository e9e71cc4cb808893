// Handing files in by dropping them: two at a time, each with its progress, then how it stands until it is read.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("drop");
  if (form === null) return;
  const list = document.querySelector("[data-list]");
  const section = document.querySelector("[data-sent]");
  const told = document.querySelector("[data-told]");
  const count = document.querySelector("[data-count]");
  const row = document.getElementById("sent-row").content;
  const most = Number(form.dataset.most) * 1024 * 1024;
  const AT_ONCE = 2;
  const LOOK_AGAIN = 1000;
  const waiting = [];
  let running = 0;
  let looking = false;

  for (const one of document.querySelectorAll("[data-can-drop]")) one.hidden = false;
  document.querySelector("[data-plain]").hidden = true;
  form.classList.add("scripted");

  const show = (item, one) => {
    item.className = `sent-file ${one.kind}`;
    item.dataset.kind = one.kind;
    if (one.sha256) item.dataset.sha = one.sha256;
    if (one.known) item.dataset.known = "1";
    const name = item.querySelector(".sent-name");
    if (one.url && name.querySelector("a") === null) {
      const link = document.createElement("a");
      link.href = one.url;
      link.textContent = name.textContent;
      name.replaceChildren(link);
    }
    const known = item.dataset.known ? "（以前收过）" : "";
    item.querySelector(".sent-text").textContent = `${one.text}${known}${one.action ? `。${one.action}` : ""}`;
    item.querySelector(".sent-bar")?.remove();
  };

  const tell = () => {
    const items = [...list.children];
    const done = items.filter((one) => ["done", "partly"].includes(one.dataset.kind)).length;
    const refused = items.filter((one) => one.dataset.kind === "refused").length;
    count.textContent = `${items.length} 个，收妥 ${done} 个${refused > 0 ? `，没有读成 ${refused} 个` : ""}`;
    if (done + refused === items.length) told.textContent = `共${count.textContent}`;
  };

  const look = async () => {
    looking = true;
    for (;;) {
      const open = [...list.children].filter((one) => one.dataset.sha && one.dataset.kind === "waiting");
      if (open.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      const asked = new URLSearchParams(open.slice(0, 100).map((one) => ["id", one.dataset.sha]));
      try {
        const answer = await fetch(`${form.dataset.state}?${asked}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) continue;
        for (const one of (await answer.json()).files) {
          for (const item of open.filter((it) => it.dataset.sha === one.sha256)) show(item, one);
        }
        tell();
      } catch {
        // the site may be starting again: asked once more
      }
    }
    looking = false;
  };

  const refuse = (item, text, action) => {
    show(item, { kind: "refused", text, action });
    tell();
  };

  const send = (item, file, path) => {
    running += 1;
    const body = new FormData(form);
    body.delete("files");
    body.append("path", path);
    body.append("files", file, file.name);
    const asked = new XMLHttpRequest();
    const bar = item.querySelector(".sent-bar");
    asked.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    asked.addEventListener("loadend", () => {
      running -= 1;
      let found = null;
      try {
        found = JSON.parse(asked.responseText);
      } catch {
        found = null;
      }
      if (asked.status === 429) {
        waiting.unshift([item, file, path]);
        setTimeout(next, 1000 * Number(asked.getResponseHeader("Retry-After") ?? 1));
        return;
      }
      if (found?.files?.length > 0) show(item, found.files[0]);
      else if (asked.status === 413) refuse(item, "文件过大，没有收", "请拆分后重新上传");
      else if (found?.error) refuse(item, found.error, found.action);
      else refuse(item, "没有传完", "请检查网络后重新上传");
      tell();
      if (!looking) look();
      next();
    });
    asked.open("POST", form.action);
    asked.setRequestHeader("Accept", "application/json");
    asked.send(body);
  };

  const next = () => {
    while (running < AT_ONCE && waiting.length > 0) send(...waiting.shift());
  };

  const add = (file, path) => {
    const item = row.cloneNode(true).firstElementChild;
    item.dataset.kind = "waiting";
    item.querySelector(".sent-name").textContent = path;
    item.querySelector(".sent-bar").setAttribute("aria-label", `${path} 的上传进度`);
    item.querySelector(".sent-text").textContent = "正在上传";
    list.append(item);
    section.hidden = false;
    if (file.size > most) refuse(item, "文件过大，没有传", `每个文件不超过 ${form.dataset.most} MB，请拆分后重新上传`);
    else if (file.size === 0) refuse(item, "是空文件，没有传", "");
    else waiting.push([item, file, path]);
    tell();
    next();
  };

  // A dropped folder is walked; readEntries gives at most a hundred at a time.
  const walk = async (entry) => {
    if (entry.isFile) {
      entry.file((file) => add(file, entry.fullPath.replace(/^\//, "")), () => {});
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (some.length === 0) return;
      for (const one of some) await walk(one);
    }
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      for (const file of input.files) add(file, file.webkitRelativePath || file.name);
      input.value = "";
    });
  }

  let depth = 0;
  const mark = (on) => form.classList.toggle("over", on);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    mark(true);
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) mark(false);
  });
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    mark(false);
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length > 0) for (const one of entries) walk(one);
    else for (const file of event.dataTransfer.files) add(file, file.name);
  });

  if (list.children.length > 0) look();
});
