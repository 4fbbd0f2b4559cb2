// Helps the pages where scripts run; each page also works without. Listens at the document, so swapped parts need
// no setting up. Marks in the markup: data-open (a dialog to open), data-focus (what takes the focus after a swap),
// data-cancel (closes the dialog it stands in).
"use strict";
(() => {
  const FIELDS = "input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled])";
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const MENU = ".menu[popover]";

  function focusOn(element) {
    const fields = element.matches("form, fieldset") ? [...element.querySelectorAll(FIELDS)] : [];
    // What is not to be seen takes no focus, and then nothing has it.
    const target = fields.find((field) => field.checkVisibility()) || element;
    if (!target.matches(FOCUSABLE)) target.tabIndex = -1;
    target.focus();
  }

  function arrive() {
    for (const dialog of document.querySelectorAll("dialog[data-open]")) {
      dialog.removeAttribute("data-open");
      dialog.removeAttribute("open");
      dialog.showModal();
    }
    const marked = [...document.querySelectorAll("[data-focus]")];
    for (const element of marked) element.removeAttribute("data-focus");
    const wanted = marked.find((element) => element.id === "error-summary") || marked.pop();
    if (!wanted) return;
    for (const dialog of document.querySelectorAll("dialog[open]")) if (!dialog.contains(wanted)) dialog.close();
    focusOn(wanted);
  }
  document.addEventListener("DOMContentLoaded", arrive);
  document.addEventListener("htmx:after:swap", arrive);

  // A closed dialog is over: Escape, Cancel and a save all end here, and the browser gives the focus back.
  document.addEventListener("close", (event) => {
    if (!event.target.matches("#dialog-place dialog")) return;
    const toast = event.target.querySelector("#toast");
    if (toast) document.body.append(toast);
    event.target.remove();
  }, true);
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("dialog [data-cancel]");
    if (cancel) {
      event.preventDefault();
      cancel.closest("dialog").close();
    }
    if (event.target.closest("#toast button")) document.getElementById("toast").hidden = true;
    event.target.closest(MENU)?.hidePopover();
  });

  // The row menu: its first item takes the focus, arrows move in it, and it stands at its button everywhere.
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches(MENU)) return;
    if (!CSS.supports("position-area: bottom")) {
      const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
      const below = button.bottom + menu.offsetHeight < innerHeight;
      menu.style.left = `${Math.max(4, button.right - menu.offsetWidth)}px`;
      menu.style.top = `${below ? button.bottom : button.top - menu.offsetHeight}px`;
    }
    menu.querySelector("[role=menuitem]")?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.("[role=menu], [role=tablist]");
    if (!list) return;
    if (event.key === "Tab" && list.matches(MENU)) list.hidePopover();
    const items = [...list.querySelectorAll("[role=menuitem], [role=tab]")];
    const here = items.indexOf(event.target);
    const steps = list.matches("[role=menu]") ? { ArrowUp: -1, ArrowDown: 1 } : { ArrowLeft: -1, ArrowRight: 1 };
    const to = { Home: 0, End: items.length - 1 }[event.key] ?? (here + steps[event.key] + items.length) % items.length;
    if (here < 0 || Number.isNaN(to)) return;
    event.preventDefault();
    items[to].focus();
  });

  // Save pressed twice is sent once; the server holds to that too. A form with its own hx-sync has its own rule.
  const once = (form) => form.matches?.("form[method=post]:not([hx-sync])");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!once(form)) return;
    if (form.dataset.busy !== undefined) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!form.hasAttribute("hx-post")) form.dataset.busy = "";
  }, true);
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (once(form)) form.dataset.busy = "";
  });
  document.addEventListener("htmx:finally:request", (event) => delete event.detail.ctx.sourceElement.dataset.busy);
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  });

  // What is typed or ticked while an answer is under way stands afterwards: the answer knows nothing of it.
  const typed = new Map();
  let turn = 0;
  document.addEventListener("input", (event) => {
    const { id, value, checked } = event.target;
    if (id) typed.set(id, { turn: ++turn, value, checked });
  }, true);
  document.addEventListener("htmx:before:request", (event) => (event.detail.ctx.turn = turn));
  document.addEventListener("htmx:after:swap", (event) => {
    for (const [id, latest] of typed) {
      const field = latest.turn > event.detail.ctx?.turn ? document.getElementById(id) : null;
      if (!field?.matches(FIELDS)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = latest.checked;
      else if (!field.options || [...field.options].some((option) => option.value === latest.value)) field.value = latest.value;
    }
  });

  // A request that failed says so; a refused form (422) shows its own words.
  function toast(words) {
    const place = document.getElementById("toast") || document.createElement("div");
    Object.assign(place, { id: "toast", className: "banner error", role: "alert" });
    // What lies behind an open dialog can neither be reached nor heard.
    (document.querySelector("dialog[open]") || document.body).append(place);
    const text = document.createElement("p");
    const button = document.createElement("button");
    text.textContent = words;
    button.textContent = "Close";
    button.type = "button";
    button.className = "button";
    place.replaceChildren(text, button);
    place.hidden = false;
  }
  document.addEventListener("htmx:response:error", (event) => {
    const { text, response } = event.detail.ctx;
    if (response.status === 422) return;
    const plain = response.headers.get("Content-Type")?.startsWith("text/plain");
    toast(plain && text ? text : `That did not work (${response.status}). Reload the page and try again.`);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) toast("No answer came from Caseapp. What you typed is still here: try again.");
  });
})();
