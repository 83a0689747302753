// How is the server asked while one types? After a short rest, one question at a time; an answer that came late is dropped.
const REST_MS = 120;

export class Asking {
  #going = null; // the AbortController of the question that is on its way, or waits for the rest
  #timer = 0;

  // onAnswer(html, query); onFailure(query)
  constructor({ address, onAnswer, onFailure }) {
    Object.assign(this, { address, onAnswer, onFailure });
  }

  get waits() {
    return this.#going !== null;
  }

  ask(query) {
    this.stop();
    const going = (this.#going = new AbortController());
    this.#timer = setTimeout(() => this.#send(query, going), REST_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#going?.abort();
    this.#going = null;
  }

  async #send(query, going) {
    const url = new URL(this.address, location.href);
    url.search = new URLSearchParams({ q: query, part: "palette" });
    try {
      const response = await fetch(url, { signal: going.signal });
      const bringsWords = response.ok || response.status === 422 || response.status === 429;
      if (!bringsWords) throw new Error(`status ${response.status}`);
      const html = await response.text();
      if (this.#over(going)) this.onAnswer(html, query);
    } catch (error) {
      if (error.name !== "AbortError" && this.#over(going)) this.onFailure(query);
    }
  }

  // Returns whether this question is still the one that counts; then it is answered.
  #over(going) {
    if (going !== this.#going) return false;
    this.#going = null;
    return true;
  }
}
