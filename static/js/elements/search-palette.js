// <search-palette>: search over the page one is on. A modal dialog with a combobox; the server brings the options.
// Loaded by search-open.js when it is first wanted. `link` is the one in the bar: the page of search, and our styles.
import { Asking } from "../search/asking.js";
import { Options } from "../search/options.js";
import { forget, listOf, visited } from "../search/visited.js";

const INSIDE = `
<dialog aria-label="Search">
  <form action="/search/" role="search">
    <input name="q" inputmode="search" enterkeyhint="go" maxlength="200" autocomplete="off" autocapitalize="off"
      spellcheck="false" placeholder="Lessons, labs, words" role="combobox" aria-label="Search"
      aria-autocomplete="list" aria-expanded="false" aria-controls="palette-options">
    <button type="button" class="link" data-close>Close</button>
  </form>
  <div class="answers"></div>
  <p class="for-readers" role="status"></p>
  <footer><span><kbd>↑</kbd> <kbd>↓</kbd> move</span><span><kbd>Enter</kbd> open</span>
    <span><kbd class="command">Ctrl</kbd> <kbd>Enter</kbd> in a new tab</span><span><kbd>Esc</kbd> close</span>
    <label><input type="checkbox"> <kbd>/</kbd> opens this</label></footer>
</dialog>`;

class SearchPalette extends HTMLElement {
  connectedCallback() {
    this.innerHTML = INSIDE;
    [this.dialog, this.field, this.answers, this.status] = ["dialog", "[role=combobox]", ".answers", "[role=status]"].map(
      (name) => this.querySelector(name),
    );
    this.options = new Options(this.field);
    this.asking = new Asking({ address: "/search/", onAnswer: this.#show, onFailure: this.#fail });
    if (/Mac|iP/.test(navigator.platform)) this.querySelector(".command").textContent = "⌘";
    this.#settings();
    this.field.addEventListener("input", () => this.#ask());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => this.#click(event));
    this.dialog.addEventListener("close", () => this.asking.stop());
    this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
  }

  toggle() {
    if (this.dialog.open) {
      this.dialog.close();
      return;
    }
    this.dialog.showModal();
    this.field.focus();
    this.field.select();
    this.#ask();
  }

  // Whoever dictates or leans on a key must be able to turn a shortcut of one letter off.
  #settings() {
    const box = this.querySelector("[type=checkbox]");
    const { dataset } = this.link;
    box.checked = dataset.slash !== "off";
    box.addEventListener("change", () => {
      dataset.slash = box.checked ? "on" : "off";
      localStorage.setItem("slash", dataset.slash);
    });
  }

  #ask() {
    const query = this.field.value.trim();
    this.eager = false;
    if (query) {
      this.asking.ask(query);
      this.answers.toggleAttribute("data-old", true);
    } else {
      this.asking.stop();
      this.#showVisited();
    }
  }

  #show = (html) => {
    this.answers.removeAttribute("data-old");
    this.answers.innerHTML = html;
    this.answers.scrollTop = 0;
    const count = this.options.take(this.answers, { first: true });
    this.status.textContent = count === 1 ? "1 result" : `${count || "No"} results`;
    if (this.eager) this.options.active?.click();
  };

  #fail = (query) => {
    const [told, page] = [document.createElement("p"), document.createElement("a")];
    told.className = "told bad";
    page.href = `/search/?q=${encodeURIComponent(query)}`;
    page.textContent = "Open the search page";
    const words = navigator.onLine ? "The search did not answer." : "You are offline, and the search needs the server.";
    told.append(words, " ", page);
    this.answers.removeAttribute("data-old");
    this.answers.replaceChildren(told);
    this.options.take(this.answers, { first: false });
    this.status.textContent = words;
  };

  #showVisited() {
    const pages = visited();
    this.answers.removeAttribute("data-old");
    this.answers.replaceChildren();
    if (pages.length) {
      this.answers.innerHTML = '<p class="tag">Read lately <button type="button" class="link" data-forget>Forget</button></p>';
      this.answers.append(listOf(pages));
    } else {
      this.answers.innerHTML = '<p class="told">Finds lessons and their sections, labs and their questions, and words.</p>';
    }
    this.options.take(this.answers, { first: false });
    this.status.textContent = "";
  }

  #key(event) {
    const { key, ctrlKey, metaKey, shiftKey, altKey, isComposing } = event;
    if (isComposing) return;
    const { active } = this.options;
    if (key === "Enter" && (ctrlKey || metaKey)) {
      event.preventDefault();
      if (active) window.open(active.href, "_blank", "noopener");
    } else if (key === "Enter") {
      event.preventDefault();
      if (this.asking.waits) this.eager = true;
      else if (active) active.click();
      else this.querySelector("form").requestSubmit();
    } else if (!(ctrlKey || metaKey || shiftKey || altKey) && this.options.move(key)) {
      event.preventDefault();
    }
  }

  #click(event) {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    if (target === this.dialog || target.closest("[data-close]")) this.dialog.close();
    else if (target.closest("[data-forget]")) {
      forget();
      this.#showVisited();
      this.field.focus();
    } else if (target.closest("a[href]") && !(ctrlKey || metaKey || shiftKey)) this.dialog.close();
  }

  #submit(event) {
    if (this.field.value.trim()) this.dialog.close();
    else event.preventDefault();
  }
}

customElements.define("search-palette", SearchPalette);

// Returns once the styles are there, or cannot be had.
function styles(href) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
}

let palette = null;

export async function toggle(link) {
  palette ??= (async () => {
    await styles(link.dataset.css);
    return document.body.appendChild(Object.assign(document.createElement("search-palette"), { link }));
  })();
  (await palette).toggle();
}
