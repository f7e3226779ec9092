// Dialogs open by the browser's own commandfor/command; this stands in where a browser does not know it yet.

const KNOWS_COMMANDS = "commandForElement" in HTMLButtonElement.prototype;

if (!KNOWS_COMMANDS) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    if (button.getAttribute("command") === "close") dialog.close();
  });
}
