// A long paper shows its first rows and paragraphs. An address that leads further down leads to the whole paper.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const whole = document.querySelector("[data-whole]");
  if (whole === null) return;
  const address = new URL(whole.href);

  const goOn = () => {
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (!/^[venb]-/.test(wanted) || document.getElementById(wanted) !== null) return;
    address.hash = wanted;
    location.replace(address);
  };

  window.addEventListener("hashchange", goOn);
  goOn();
});
