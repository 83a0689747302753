// <lab-run src="/runs/ID/events" poll="/runs/ID/points" panel="/runs/ID/" state="running" attempt="1">…</lab-run>
// Follows a run that is not over. Sends "lab-points" (detail: the data of a batch) and "lab-restart" to itself for
// the charts inside; moves progress.bar; fills [data-note] and [data-connection]; at the end asks for the panel at
// `panel` and puts it where the closest [data-panel] stands.
import "./lab-chart.js";
import { Feed } from "../feed.js";

const ANNOUNCE_MS = 5000;
const LINKS = {
  live: "",
  reconnecting: "Reconnecting… the run goes on.",
  polling: "No live stream here: asking once a second.",
  offline: "You are offline. The run goes on; this page will catch up.",
  gone: "This run is no longer to be found.",
};

class LabRun extends HTMLElement {
  #announcedAt = 0;

  connectedCallback() {
    if (!["queued", "running"].includes(this.getAttribute("state"))) return;
    this.feed = new Feed({
      src: this.getAttribute("src"),
      poll: this.getAttribute("poll"),
      onEvent: (name, data) => this[`on_${name}`](data),
      onLink: (link) => this.showLink(link),
    });
    this.feed.start();
  }

  disconnectedCallback() {
    this.feed?.stop();
    this.over = true;
  }

  on_state(data) {
    this.noticeAttempt(data.attempt);
    if (data.state) this.setAttribute("state", data.state);
  }

  on_points(data) {
    if (!this.noticeAttempt(data.attempt)) return;
    this.setAttribute("state", "running");
    this.dispatchEvent(new CustomEvent("lab-points", { detail: data }));
    this.write("[data-note]", data.note || "Measuring");
    const bar = this.area.querySelector("progress.bar");
    if (bar && data.progress !== undefined) bar.value = data.progress * bar.max;
    this.announce(`${Math.round((data.progress ?? 0) * 100)} % done. ${data.note ?? ""}`);
  }

  on_done() {
    this.feed.stop();
    this.fetchPanel();
  }

  // Charts and figures may stand beside this element; what it fills lies anywhere in its panel.
  get area() {
    return this.closest("[data-panel]") ?? this;
  }

  write(selector, text) {
    for (const element of this.area.querySelectorAll(selector)) {
      element.textContent = text;
      element.hidden = !text;
    }
  }

  // Returns false for points of an attempt that was given up; a higher attempt clears the charts.
  noticeAttempt(attempt = 1) {
    const known = Number(this.getAttribute("attempt") ?? 1);
    if (attempt > Math.max(known, 1)) this.dispatchEvent(new CustomEvent("lab-restart"));
    if (attempt > known) this.setAttribute("attempt", attempt);
    return attempt >= known;
  }

  showLink(link) {
    this.write("[data-connection]", LINKS[link]);
    if (link !== "live") this.announce(LINKS[link]);
  }

  announce(text, { now = false } = {}) {
    const time = performance.now();
    const region = document.getElementById("announcer");
    if (!region || (!now && this.#announcedAt && time - this.#announcedAt < ANNOUNCE_MS)) return;
    this.#announcedAt = time;
    region.textContent = text;
  }

  async fetchPanel(tries = 0) {
    const panel = this.closest("[data-panel]");
    const url = this.getAttribute("panel");
    if (!window.htmx || !panel) {
      location.assign(url);
      return;
    }
    const before = panel.getBoundingClientRect();
    const typed = changedSettings(panel);
    await window.htmx.ajax("GET", url, { source: this, target: panel, swap: "outerHTML" });
    if (this.over) {
      const fresh = document.getElementById(panel.id);
      putBack(fresh, typed);
      keepInView(fresh, before);
      const finding = fresh.querySelector("[data-finding]")?.textContent.trim();
      this.announce(`The run is over. ${finding ?? ""}`, { now: true });
    } else if (tries < 8) {
      this.write("[data-connection]", "The run is over; its result has still to arrive. Trying again…");
      setTimeout(() => this.over || this.fetchPanel(tries + 1), Math.min(15000, 1000 * 2 ** tries));
    }
  }
}

// What was set for the next run while this one went on is not lost with the panel.
function changedSettings(panel) {
  const isChanged = (field) =>
    field.options ? ![...field.options].every((option) => option.selected === option.defaultSelected) : field.value !== field.defaultValue;
  return [...panel.querySelectorAll(".knob [name]")].filter(isChanged).map(({ name, value }) => [name, value]);
}

function putBack(panel, typed) {
  for (const [name, value] of typed) {
    const field = panel.querySelector(`.knob [name="${CSS.escape(name)}"]`);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The panel has another height now. Who watched it sees its head, where the finding stands; who reads elsewhere goes on.
function keepInView(panel, before) {
  const now = panel.getBoundingClientRect();
  if (before.bottom < 0) scrollBy({ top: now.bottom - before.bottom, behavior: "instant" });
  else if (before.top < 0) panel.scrollIntoView({ block: "start", behavior: "instant" });
  else if (before.top < innerHeight) scrollBy({ top: now.top - before.top, behavior: "instant" });
}

customElements.define("lab-run", LabRun);
