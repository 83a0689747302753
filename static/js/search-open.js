// What opens the search? Ctrl or ⌘ with K, "/" outside fields, the link in the bar. The palette is loaded only then.
// Also keeps, in this browser, which pages were read last.
const link = document.querySelector("a.find");
const { pathname } = location;

const open = async (event) => {
  event.preventDefault();
  try {
    (await import("./elements/search-palette.js")).toggle(link);
  } catch {
    location.assign(link.href);
  }
};

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const command = (ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k";
  const slash = key === "/" && !(ctrlKey || metaKey || altKey) && !target.closest("input,textarea,select,[contenteditable]");
  if (command || (slash && link.dataset.slash !== "off")) open(event);
});
link.addEventListener("click", (event) => {
  if (!(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) open(event);
});
if (/Mac|iP/.test(navigator.platform)) link.querySelector("kbd").textContent = "⌘ K";

try {
  link.dataset.slash = localStorage.getItem("slash");
  const title = document.querySelector("link[rel=canonical]") && document.querySelector("h1")?.textContent;
  if (title && /^\/(learn|labs|concepts|interviews)\/./.test(pathname)) {
    const others = JSON.parse(localStorage.getItem("visited") ?? "[]").filter(([path]) => path !== pathname);
    localStorage.setItem("visited", JSON.stringify([[pathname, title], ...others].slice(0, 8)));
  }
} catch {
  // Storage is forbidden or holds something else: nothing is kept.
}
