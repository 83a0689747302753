// How is a film played? Play and pause, single steps, a scrubber and a speed, by pointer and keyboard. It moves only in
// view and in a visible tab; with reduced motion it does not begin by itself, and shows stills.
import { controlsOf } from "./controls.js";
import { Picture } from "./paint.js";
import { readFilm, told } from "./story.js";
import { inSpeed, inTime, speedsFor } from "./words.js";

const [LONGEST_FRAME_MS, STILL_MS] = [100, 400];
const less = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

export class Player {
  playing = false;
  touched = false; // once the reader has used a control, nothing begins by itself
  inView = false;

  constructor(element, json) {
    this.element = element;
    this.film = readFilm(json);
    this.at = this.film.start;
    this.length = this.film.end - this.film.start;
    const { speeds, usual } = speedsFor(this.length);
    [this.speeds, this.speed] = [speeds, speeds[usual]];
    this.controls = controlsOf(element, this.film, { speeds, usual, still: less.matches });
    this.picture = new Picture(this.controls.canvas, this.film);
    this.listen();
    this.fit();
    this.showSpeed();
    document.fonts?.ready.then(() => this.element.isConnected && this.fit());
  }

  listen() {
    const { play, back, on, time, pace, frame } = this.controls;
    play.addEventListener("click", () => this.toggle());
    back.addEventListener("click", () => this.step(-1));
    on.addEventListener("click", () => this.step(1));
    time.addEventListener("input", () => this.goTo(Number(time.value)));
    time.addEventListener("change", () => this.say());
    pace.addEventListener("input", () => this.setSpeed(Number(pace.value)));
    this.element.addEventListener("keydown", this.onKey);
    document.addEventListener("themechange", this.fit);
    document.addEventListener("visibilitychange", this.onSight);
    dark.addEventListener("change", this.fit);
    less.addEventListener("change", this.onMotion);
    this.size = new ResizeObserver(() => frame.clientWidth !== this.width && this.fit());
    this.size.observe(frame);
    this.sight = new IntersectionObserver(([entry]) => this.onSight(entry), { threshold: [0, 0.6] });
    this.sight.observe(frame);
  }

  end() {
    this.pause();
    this.size.disconnect();
    this.sight.disconnect();
    document.removeEventListener("themechange", this.fit);
    document.removeEventListener("visibilitychange", this.onSight);
    dark.removeEventListener("change", this.fit);
    less.removeEventListener("change", this.onMotion);
  }

  fit = () => {
    this.width = this.controls.frame.clientWidth;
    this.picture.fit();
    this.controls.paintLegend(this.picture.colours);
    this.show();
  };

  onMotion = () => {
    if (less.matches) this.pause();
    this.controls.hint.hidden = !less.matches;
  };

  // In view it begins, or goes on if it was playing; out of view and in a hidden tab it stands still.
  onSight = (entry) => {
    if (entry.intersectionRatio !== undefined) {
      this.inView = entry.isIntersecting;
      if (entry.intersectionRatio >= 0.6 && !this.touched && !less.matches && !document.hidden) this.play();
    }
    this.schedule();
  };

  onKey = (event) => {
    const { target, key } = event;
    const act = { " ": () => this.toggle(), ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1) }[key];
    const own = target.matches("input, summary") || (key === " " && target.matches("button"));
    if (!act || own || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  toggle() {
    this.touched = true;
    if (!this.playing) this.play();
    else {
      this.pause();
      this.say();
    }
  }

  play() {
    if (this.at >= this.film.end) this.at = this.film.start;
    this.playing = true;
    this.controls.play.textContent = "Pause";
    this.controls.now.textContent = "";
    this.schedule();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.controls.play.textContent = this.at >= this.film.end ? "Play again" : "Play";
  }

  schedule() {
    if (!this.playing || this.frame || !this.inView || document.hidden) return;
    this.before = performance.now();
    this.frame = requestAnimationFrame(this.tick);
  }

  tick = (now) => {
    this.frame = 0;
    if (!this.playing || !this.inView || document.hidden) return;
    const waits = less.matches && now - this.before < STILL_MS;
    if (!waits) {
      const passed = Math.min(less.matches ? STILL_MS : LONGEST_FRAME_MS, Math.max(0, now - this.before));
      this.at = Math.min(this.film.end, this.at + (this.speed * passed) / 1000);
      this.before = now;
      this.show(less.matches ? null : passed);
      if (this.at >= this.film.end) {
        this.pause();
        this.say();
        return;
      }
    }
    this.frame = requestAnimationFrame(this.tick);
  };

  step(direction) {
    const moments = this.film.events;
    const least = this.length * 1e-9;
    const event = direction > 0 ? moments.find(({ at }) => at > this.at + least) : moments.findLast(({ at }) => at < this.at - least);
    this.goTo(event?.at ?? (direction > 0 ? this.film.end : this.film.start));
    this.say();
  }

  goTo(at) {
    this.touched = true;
    this.at = at;
    this.pause();
    this.picture.seen.clear();
    this.show();
  }

  setSpeed(number) {
    this.speed = this.speeds[number];
    this.showSpeed();
  }

  showSpeed() {
    this.controls.showPace(inSpeed(this.speed));
  }

  show(passed = null) {
    this.picture.draw(this.at, this.speed, passed);
    const told = (seconds) => inTime(seconds, this.film.end, this.length);
    this.controls.showTime(this.at, `${told(this.at)} of ${told(this.film.end)}`, !this.playing);
  }

  // Tells in words what is where; only when the film stands.
  say() {
    this.controls.now.textContent = told(this.film, this.at);
  }
}
