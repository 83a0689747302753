// How is one moment of a film drawn? Ways, boxes with their cells, lines with a count, signs, and the requests.
import { MOST_CELLS, inDots, signsAt, stateAt } from "./story.js";
import { cellAt, layOut, lineAt } from "./stage.js";
import { FATES, drawDot } from "./dots.js";

const CHASE_MS = 70; // in which a dot comes two thirds of its way to where it belongs
const LEAVES_S = 0.55; // on the screen
const TONES = { plain: "--quiet", good: "--measured", bad: "--bad" };
const TOKENS = ["--rule", "--edge", "--sheet", "--wash", "--measured", ...Object.values(FATES).map(([, token]) => token)];

export class Picture {
  constructor(canvas, film) {
    this.canvas = canvas;
    this.film = film;
    this.pen = canvas.getContext("2d");
    this.seen = new Map(); // where visits were drawn last
  }

  // Takes over the width of its place and the colours of now.
  fit() {
    const width = Math.max(260, this.canvas.parentElement.clientWidth);
    const sharp = Math.min(2, devicePixelRatio || 1);
    this.stage = layOut(this.film, width);
    const { height } = this.stage;
    Object.assign(this.canvas, { width: width * sharp, height: height * sharp });
    this.canvas.style.height = `${height}px`;
    this.pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    this.family = getComputedStyle(this.canvas).getPropertyValue("--sans");
    this.colours = coloursOf(this.canvas);
    this.seen.clear();
  }

  // Draws the moment `at`; `speed` in simulated seconds a second. Dots move on from where they were for `passed` ms, or
  // stand where they belong at once (null).
  draw(at, speed, passed = null) {
    const { pen, stage, film } = this;
    pen.clearRect(0, 0, stage.width, stage.height);
    this.drawWays();
    const state = stateAt(film, at, LEAVES_S * speed);
    const signs = signsAt(film, at);
    stage.boxes.forEach((box, number) => this.drawPlace(box, number, state, signs[number]));
    const share = passed === null ? 1 : 1 - Math.exp(-passed / CHASE_MS);
    const next = new Map();
    for (const dot of this.dotsOf(state)) {
      const from = (share < 1 && this.from(dot)) || dot.point;
      const point = mix(from, dot.point, share);
      next.set(dot.visit, point);
      drawDot(pen, dot.look, point, stage.radius, this.colours, dot.opacity);
    }
    this.seen = next;
  }

  from({ visit, entry }) {
    return this.seen.get(visit) ?? (visit.before && this.seen.get(visit.before)) ?? entry;
  }

  // Yields every request that is seen: where it belongs, how it looks, and where it would come in.
  *dotsOf(state) {
    const { boxes } = this.stage;
    for (const { visit, share } of state.underWay) {
      const point = mix(centre(boxes[visit.before.place]), centre(boxes[visit.place]), share);
      yield { visit, point, look: visit.before.fate, opacity: 1 };
    }
    for (const [number, box] of boxes.entries()) {
      const entry = { x: box.x - 14 - box.pitch * (box.lineFiles > 1 ? 2 : 0), y: box.cy };
      for (const [place, visit] of state.lines[number].entries()) {
        const point = lineAt(box, place);
        if (point) yield { visit, point, look: "line", opacity: 1, entry: { x: Math.min(entry.x, point.x - 30), y: point.y } };
      }
      for (const visit of state.inside[number])
        if (visit.cell < MOST_CELLS) yield { visit, point: cellAt(box, visit.cell), look: this.insideLook(visit), opacity: 1, entry };
    }
    for (const { visit, share } of state.gone) {
      const box = boxes[visit.place];
      const point = { x: box.x + box.w + 8 + 22 * share, y: mix(centre(box), cellAt(box, visit.cell % MOST_CELLS), 0.6).y };
      yield { visit, point, look: visit.fate, opacity: 1 - share };
    }
  }

  // At a place that is only passed, a request shows what it has been through; where it is served, that it is served.
  insideLook(visit) {
    return this.film.places[visit.place].slots ? "served" : (visit.before?.fate ?? "new");
  }

  drawWays() {
    const { pen, stage, film, colours } = this;
    pen.strokeStyle = colours["--rule"];
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [a, b] of film.ways) {
      pen.moveTo(stage.boxes[a].cx, stage.boxes[a].cy);
      pen.lineTo(stage.boxes[b].cx, stage.boxes[b].cy);
    }
    pen.stroke();
  }

  drawPlace(box, number, state, sign) {
    const { pen, colours, film } = this;
    const { label, slots, cells } = film.places[number];
    pen.fillStyle = colours["--sheet"];
    pen.strokeStyle = sign?.tone === "bad" ? colours["--bad"] : colours["--edge"];
    pen.lineWidth = sign?.tone === "bad" ? 2 : 1.2;
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.w, box.h, slots ? 3 : 13);
    pen.fill();
    pen.stroke();
    if (slots) this.drawCells(box, Math.min(slots, cells));
    const above = Math.min(box.y, box.cy - (box.lineRanks * box.pitch) / 2) - (this.stage.dense ? 4 : 6);
    const beside = this.stage.dense && sign?.text;
    if (beside) this.write(`${label}: ${sign.text}`, box.cx, above, TONES[sign.tone], 600);
    else {
      this.write(label, box.cx, above - (sign?.text ? 15 : 0), "--ink", 600);
      if (sign?.text) this.write(sign.text, box.cx, above, TONES[sign.tone], 600);
    }
    const waiting = state.lines[number].length;
    const hidden = waiting - box.lineRanks * box.lineFiles;
    if (hidden > 0 || waiting > 9) {
      const files = Math.min(box.lineFiles, Math.ceil(waiting / box.lineRanks));
      const line = `${inDots(film, waiting)} in line`;
      const text = hidden > 0 ? `${line}, ${hidden} not drawn` : line;
      const y = box.cy + (box.lineRanks * box.pitch) / 2 + 13;
      this.write(text, box.x - 6 - (files * box.pitch) / 2, y, "--quiet", 500);
    }
    const crowd = state.inside[number].filter(({ cell }) => cell >= MOST_CELLS).length;
    if (crowd) this.write(`and ${crowd} more${film.each > 1 ? " dots" : ""}`, box.cx, box.y + box.h + 13, "--quiet", 500);
  }

  drawCells(box, slots) {
    const { pen, colours } = this;
    pen.fillStyle = colours["--wash"];
    for (let number = 0; number < slots; number++) {
      const { x, y } = cellAt(box, number);
      pen.beginPath();
      pen.arc(x, y, box.pitch / 2 - 1, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  // Writes a word about its middle, moved so that it stays on the picture.
  write(text, x, y, token, weight) {
    const { pen, stage } = this;
    pen.font = `${weight} 12.5px ${this.family}`;
    pen.fillStyle = this.colours[token];
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.max(2, Math.min(x - half, stage.width - 2 * half - 2)), y);
  }
}

const centre = ({ cx, cy }) => ({ x: cx, y: cy });
const mix = (a, b, share) => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });

// Returns the tokens as colours of now, which canvas reads: the browser resolves light-dark() and color-mix() first.
export function coloursOf(element) {
  const probe = element.parentElement.appendChild(document.createElement("i"));
  probe.style.transitionProperty = "none"; // a transition, however short, would answer with the colour before
  const read = (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries([...new Set([...TOKENS, "--bad"])].map((token) => [token, read(token)]));
  probe.remove();
  return colours;
}
