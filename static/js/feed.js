// How do the events of a run reach the page? By SSE; by polling where SSE does not get through; always from a cursor.
//
// EventSource gives up for good after one 503 or 204, and a proxy may hold a stream back in silence. So this feed
// closes the source at each error and opens a new one at the last id, with growing pauses; after three failures it
// polls each second and tries SSE again every 15 s; and when a stream has been silent for 10 s it asks once.
// A hidden tab holds no connection: six of them would block the seventh page of this site.
const EVENTS = ["points", "state", "done"];
const FINAL = new Set(["done", "failed", "stopped", "lost"]);
const [POLL_MS, TRY_AGAIN_MS, SILENCE_MS, LONGEST_MS, FAILURES] = [1000, 15000, 10000, 10000, 3];

export class Feed {
  #cursor = "";
  #failures = 0;
  #pollFailures = 0;
  #source = null;
  #timer = 0;
  #over = false;

  // onEvent(name, data); onLink("live" | "reconnecting" | "polling" | "offline" | "gone")
  constructor({ src, poll, onEvent, onLink }) {
    Object.assign(this, { src, poll, onEvent, onLink });
  }

  start() {
    document.addEventListener("visibilitychange", this.#wake);
    window.addEventListener("online", this.#wake);
    window.addEventListener("pageshow", this.#comeBack);
    this.#wake();
  }

  stop() {
    this.#over = true;
    document.removeEventListener("visibilitychange", this.#wake);
    window.removeEventListener("online", this.#wake);
    window.removeEventListener("pageshow", this.#comeBack);
    this.#rest();
  }

  #wake = () => {
    this.#rest();
    if (!document.hidden && !this.#over) this.#open();
  };

  // The first pageshow is the page's own; a later one brings it back from the history with its stream gone.
  #comeBack = ({ persisted }) => persisted && this.#wake();

  #rest() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #later(what, ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, ms);
  }

  #at(address) {
    const url = new URL(address, location.href);
    if (this.#cursor) url.searchParams.set("after", this.#cursor);
    return url;
  }

  #open() {
    const source = (this.#source = new EventSource(this.#at(this.src)));
    const watch = () => this.#later(() => this.#checkSilence(source), SILENCE_MS);
    source.onopen = () => this.onLink("live");
    source.onerror = () => source === this.#source && this.#fail();
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#failures = 0;
        watch();
        this.#take(name, event.lastEventId, JSON.parse(event.data));
      });
    }
    watch();
  }

  #take(name, id, data) {
    if (id) this.#cursor = id;
    this.onEvent(name, data);
  }

  #fail() {
    this.#rest();
    this.#failures += 1;
    this.onLink(navigator.onLine ? "reconnecting" : "offline");
    if (this.#failures >= FAILURES) this.#startPolling();
    else this.#later(() => this.#open(), this.#pause(this.#failures));
  }

  // Half fixed, half random, so that the viewers of a restarted server do not return in step.
  #pause(failures) {
    return Math.min(LONGEST_MS, 400 * 2 ** failures) * (0.5 + Math.random() / 2);
  }

  async #checkSilence(source) {
    const missed = await this.#ask();
    if (this.#over || source !== this.#source) return;
    if (missed) {
      this.#rest();
      this.#startPolling(); // events exist that the stream did not bring
    } else this.#later(() => this.#checkSilence(source), SILENCE_MS);
  }

  #startPolling() {
    const until = performance.now() + TRY_AGAIN_MS;
    const turn = async () => {
      if (performance.now() > until && this.#pollFailures === 0) return this.#open();
      const got = await this.#ask();
      if (this.#over || document.hidden || this.#source) return null;
      if (got !== null) this.onLink("polling");
      return this.#later(turn, this.#pollFailures ? this.#pause(this.#pollFailures + 1) : POLL_MS);
    };
    this.#later(turn, POLL_MS / 2);
  }

  // Returns how many events came, or null when nobody answered.
  async #ask() {
    try {
      const response = await fetch(this.#at(this.poll), { headers: { Accept: "application/json" } });
      if ([403, 404, 410].includes(response.status)) {
        this.onLink("gone");
        this.stop();
        return null;
      }
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { cursor, events, state } = await response.json();
      this.#pollFailures = 0;
      if (this.#over) return 0;
      for (const { id, event, data } of events) this.#take(event, id, JSON.parse(data));
      if (cursor) this.#cursor = cursor;
      if (FINAL.has(state) && !this.#over) this.#take("done", "", { state });
      return events.length;
    } catch (error) {
      this.#pollFailures += 1;
      this.onLink(navigator.onLine ? "reconnecting" : "offline");
      console.info("The run did not answer:", error.message);
      return null;
    }
  }
}
