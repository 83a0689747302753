// Which theme did the reader choose? Runs before the first paint, so that no page flashes in the other one.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage is forbidden here: the system's theme holds, which is the default.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
