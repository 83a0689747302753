// Which option of the list would Enter open? The focus stays in the field; aria-activedescendant points at the option.
export class Options {
  #all = [];
  #active = -1;

  constructor(field) {
    this.field = field;
  }

  get active() {
    return this.#all[this.#active] ?? null;
  }

  // Takes the options below `root`; the first is active if `first` is true. Returns how many results there are.
  take(root, { first }) {
    this.#all = [...root.querySelectorAll('[role="option"]')];
    for (const [number, option] of this.#all.entries()) option.id = `palette-option-${number}`;
    this.field.setAttribute("aria-expanded", String(this.#all.length > 0));
    this.#active = -1;
    this.#go(first ? 0 : -1);
    return this.#all.filter((option) => !("all" in option.dataset)).length;
  }

  // Moves as the key says, round and round. Returns whether it is one of the keys.
  move(key) {
    const last = this.#all.length - 1;
    const to = { ArrowDown: this.#active + 1, ArrowUp: this.#active - 1, Home: 0, End: last }[key];
    if (to === undefined || last < 0) return false;
    this.#go(to > last ? 0 : to < 0 ? last : to);
    return true;
  }

  #go(to) {
    this.active?.setAttribute("aria-selected", "false");
    this.#active = to;
    const { active } = this;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
  }
}
