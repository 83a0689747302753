// <lab-film label="Requests at one server"><script type="application/json">…</script></lab-film>
// Plays a film (`Film.as_json()`): requests as dots that wait, are served and travel. What plays it is loaded when it
// comes near the screen; it begins by itself once it is in view, unless the reader asked for less motion.
class LabFilm extends HTMLElement {
  connectedCallback() {
    this.near = new IntersectionObserver(this.onNear, { rootMargin: "300px" });
    this.near.observe(this);
  }

  disconnectedCallback() {
    this.near.disconnect();
    this.player?.end();
    this.player = null;
  }

  onNear = async ([{ isIntersecting }]) => {
    if (!isIntersecting || this.player) return;
    this.near.disconnect();
    const module = await import("../film/player.js").catch((error) => this.fail(error));
    if (!module || !this.isConnected || this.player) return;
    this.player = new module.Player(this, JSON.parse(this.querySelector("script[type='application/json']").textContent));
  };

  fail(error) {
    this.append("The film did not load. Its events stand in the table below.");
    console.error(error);
  }
}

customElements.define("lab-film", LabFilm);
