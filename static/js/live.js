// Live fragments, <div data-live hx-get hx-trigger="every 2s, wake">: they rest while the tab is hidden, wake with it,
// and what changed is said once to screen readers (data-live-words). What a reader had unfolded stays so.

const announcer = document.querySelector("[data-announcer]");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-live]")) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-live][hx-get]")) window.htmx.trigger(part, "wake");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target.closest("[data-live]");
  if (part) part.ownerDocument.liveWords = part.dataset.liveWords;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target.closest("[data-live]");
  document.unfolded = part ? new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open])) : new Map();
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of document.unfolded ?? []) {
    const again = document.getElementById(id);
    if (again) again.open = open;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const words = event.target.closest("[data-live-words]")?.dataset.liveWords;
  if (words && words !== document.liveWords) announcer.textContent = words;
});

document.addEventListener("htmx:sendError", (event) => {
  if (event.target.matches("[data-live]")) announcer.textContent = "The connection was lost. Trying again.";
});
