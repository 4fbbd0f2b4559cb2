// In a frame: tells the page around it how tall this one is, so that it can give the frame that height. It is told to
// the origins that CASEAPP_FRAME_ANCESTORS names, and to no other.
"use strict";
(() => {
  if (parent === window) return;
  const GAP = 48;
  const sources = document.querySelector("meta[name=caseapp-frame-ancestors]").content.split(" ");
  const originOf = (source) => source === "'self'" ? location.origin : new URL(source).origin;

  function names(source, origin) {
    if (!source.includes("*")) return originOf(source) === origin;
    const pattern = source.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")).join("[^/:]+");
    return new RegExp(`^${pattern}$`).test(origin);
  }
  const around = location.ancestorOrigins?.[0];
  const targets = around
    ? sources.some((source) => names(source, around)) ? [around] : []
    : sources.filter((source) => !source.includes("*")).map(originOf);

  // What lies over the page needs room as well: a dialog, and the menu of a row near the end.
  function needed() {
    const page = document.documentElement.getBoundingClientRect().height;
    const dialogs = [...document.querySelectorAll("dialog[open]")].map((dialog) => dialog.scrollHeight + GAP);
    const menus = [...document.querySelectorAll(".menu:popover-open")].map((menu) => {
      const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
      return button.bottom + scrollY + menu.offsetHeight + GAP / 2;
    });
    return Math.ceil(Math.max(page, ...dialogs, ...menus));
  }

  let told = 0;
  function tell() {
    const height = needed();
    if (height === told) return;
    told = height;
    for (const target of targets) parent.postMessage({ type: "caseapp-height", height }, target);
  }
  addEventListener("load", tell);
  document.addEventListener("DOMContentLoaded", () => {
    tell();
    new ResizeObserver(tell).observe(document.documentElement);
    new MutationObserver(tell).observe(document.body, { attributes: true, childList: true, subtree: true });
  });
  document.addEventListener("toggle", tell, true);
  document.addEventListener("close", tell, true);
})();
