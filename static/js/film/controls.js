// Which controls does a film have? Made here, because without this script there is nothing to control.
import { FATES, drawDot } from "./dots.js";

const STILL = "Your system asks for less motion: the film does not begin by itself, and shows still pictures.";
const HELP = "Space plays and pauses, the arrow keys step from event to event.";

export function controlsOf(element, film, { speeds, usual, still }) {
  const add = (parent, tag, set = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), set);
    made.append(...children);
    parent?.append(made);
    return made;
  };
  const frame = add(element, "div", { className: "frame", tabIndex: 0, role: "group" });
  frame.setAttribute("aria-label", `${element.getAttribute("label") ?? "Film"}. ${HELP}`);
  const canvas = add(frame, "canvas");
  canvas.setAttribute("aria-hidden", "true");
  const bar = add(element, "div", { className: "controls" });
  const buttons = add(bar, "div", { className: "buttons" });
  const play = add(buttons, "button", { type: "button", textContent: "Play" });
  const back = add(buttons, "button", { type: "button", className: "plain", textContent: "Step back" });
  const on = add(buttons, "button", { type: "button", className: "plain", textContent: "Step" });
  const range = (name, set) => {
    const label = add(bar, "label", {}, add(null, "span", { textContent: name }));
    const input = add(label, "input", { type: "range", ...set });
    return [input, add(label, "span", { className: "value", ariaHidden: "true" })];
  };
  const [time, timeWords] = range("Time", { min: film.start, max: film.end, step: "any", value: film.start });
  const [pace, paceWords] = range("Speed", { min: 0, max: speeds.length - 1, step: 1, value: usual });
  const hint = add(element, "p", { className: "hint", textContent: STILL, hidden: !still });
  const now = add(element, "p", { className: "now", role: "status" });
  const icons = legend(add, element, film);
  return {
    ...{ frame, canvas, play, back, on, time, pace, hint, now },
    showTime: (at, words, aloud) => show(time, timeWords, at, words, aloud),
    showPace: (words) => show(pace, paceWords, pace.value, words),
    paintLegend: (colours) => icons.forEach(([canvas_, look]) => paintIcon(canvas_, look, colours)),
  };
}

// A slider that moves by itself is not spoken: `aloud` is false then.
function show(input, output, value, words, aloud = true) {
  input.value = value;
  if (aloud) input.setAttribute("aria-valuetext", words);
  output.textContent = words;
  const share = (input.value - input.min) / (input.max - input.min || 1);
  input.style.setProperty("--fill", `${(100 * share).toFixed(1)}%`);
}

// The looks that this film has, in words beside their pictures.
function legend(add, element, film) {
  const slots = film.places.some((place) => place.slots);
  const waits = film.places.some((place) => place.longest);
  const fates = new Set(film.visits.map(({ fate }) => fate));
  const passes = film.visits.some(({ before, place }) => !before && !film.places[place].slots);
  const seen = { line: waits, served: slots, new: passes };
  const looks = Object.keys(FATES).filter((look) => seen[look] || fates.has(look));
  const list = add(element, "ul", { className: "legend" });
  return looks.map((look) => {
    const icon = add(null, "canvas", { width: 32, height: 32 });
    icon.setAttribute("aria-hidden", "true");
    add(list, "li", {}, icon, FATES[look][0]);
    return [icon, look];
  });
}

function paintIcon(canvas, look, colours) {
  const pen = canvas.getContext("2d");
  pen.setTransform(2, 0, 0, 2, 0, 0);
  pen.clearRect(0, 0, 16, 16);
  drawDot(pen, look, { x: 8, y: 8 }, 5, colours);
}
