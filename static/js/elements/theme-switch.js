// <theme-switch>: lets the reader choose light or dark, or follow the system. Draws nothing without JavaScript.
const THEMES = { auto: "Auto", light: "Light", dark: "Dark" };

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    const select = document.createElement("select");
    select.setAttribute("aria-label", "Colour theme");
    for (const [value, label] of Object.entries(THEMES)) select.add(new Option(label, value));
    select.value = document.documentElement.dataset.theme ?? "auto";
    select.addEventListener("change", () => this.choose(select.value));
    this.append(select);
  }

  choose(theme) {
    const root = document.documentElement;
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("themechange"));
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch (error) {
      console.info("The theme holds for this page only:", error.message);
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
