// Copy buttons: <button data-copy="text"> puts the text on the clipboard and says so for two seconds.

const SHOWN_MILLISECONDS = 2000;

async function copy(button) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.dataset.before ?? words.textContent;
  words.dataset.before = before;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.copied = "";
    words.textContent = "Copied";
  } catch {
    words.textContent = "Select it";
  }
  setTimeout(() => {
    delete button.dataset.copied;
    words.textContent = before;
  }, SHOWN_MILLISECONDS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
