// <lab-knobs class="knobs"><details class="group" open><summary>Cache <span data-changed></span></summary>
//   <knob-field data-applies='{"event": ["flush"]}'>…<small class="why-idle"></small></knob-field></details></lab-knobs>
// Keeps what goes between the settings of a lab: one that has no effect as the others stand is dimmed and says why; a
// group counts what was changed in it. On a phone, groups of which nothing was changed start folded.
const narrow = matchMedia("(max-width: 960px)");
const folded = new Map(); // what the reader did to a group, for the panels that follow

class LabKnobs extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.show);
    this.addEventListener("click", this.onClick);
    narrow.addEventListener("change", this.fold);
    this.form = this.closest("form");
    this.form?.addEventListener("reset", this.onReset);
    this.fold();
    this.show();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.show);
    this.removeEventListener("click", this.onClick);
    narrow.removeEventListener("change", this.fold);
    this.form?.removeEventListener("reset", this.onReset);
  }

  onReset = () => setTimeout(this.show); // the values are reset after the event

  onClick = ({ target }) => {
    const group = target.closest("summary")?.parentElement;
    if (group) folded.set(this.key(group), group.open);
  };

  key(group) {
    return `${this.closest("[data-panel]")?.id} ${group.dataset.group}`;
  }

  fold = () => {
    for (const group of this.querySelectorAll("details.group")) {
      const needed = "wrong" in group.dataset || group.querySelector(".knob.changed");
      group.open = needed ? true : !(folded.get(this.key(group)) ?? narrow.matches);
    }
  };

  show = () => {
    for (const knob of this.querySelectorAll("knob-field[data-applies]")) {
      const why = this.whyIdle(JSON.parse(knob.dataset.applies));
      knob.classList.toggle("idle", Boolean(why));
      const place = knob.querySelector(".why-idle");
      if (place && place.textContent !== why) place.textContent = why;
    }
    for (const group of this.querySelectorAll("details.group")) {
      const count = group.querySelectorAll(".knob.changed").length;
      group.querySelector("[data-changed]").textContent = count ? `${count} changed` : "";
    }
  };

  // Returns why a setting that needs these values of others has no effect; "" if it has one.
  whyIdle(needs) {
    for (const [name, values] of Object.entries(needs)) {
      const control = this.querySelector(`[name="${CSS.escape(name)}"]`);
      if (!control || values.some((value) => same(value, control.value))) continue;
      const label = this.querySelector(`label[for="${CSS.escape(control.id)}"]`)?.textContent.trim() ?? name;
      return `No effect while ${label} is ${words(control)}`;
    }
    return "";
  }
}

function same(value, typed) {
  const number = typed.trim() === "" ? NaN : Number(typed.replaceAll(",", ""));
  return value === typed || (!Number.isNaN(number) && Number(value) === number);
}

function words(control) {
  if (control.options) return control.selectedOptions[0]?.textContent ?? control.value;
  const unit = control.nextElementSibling?.matches("span") ? `\u00a0${control.nextElementSibling.textContent}` : "";
  return `${control.value || "empty"}${unit}`;
}

customElements.define("lab-knobs", LabKnobs);
