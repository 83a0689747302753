// Which pages were read last in this browser? search-open.js keeps them; they never leave it.
const KEY = "visited";
const OURS = /^\/(?!\/)/;

// Returns [path, title] of each, the latest first, without the page we are on.
export function visited() {
  try {
    const pages = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return pages.filter(([path]) => OURS.test(path) && path !== location.pathname);
  } catch {
    return [];
  }
}

export function forget() {
  localStorage.removeItem(KEY);
}

// Returns the same as options of a list box.
export function listOf(pages) {
  const list = document.createElement("div");
  list.id = "palette-options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Read lately");
  for (const [path, title] of pages) {
    const option = document.createElement("a");
    option.href = path;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = title;
    list.append(option);
  }
  return list;
}
