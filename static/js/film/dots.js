// How does a request look? By where it is and how it ended: a colour and a shape for each, so that colour only helps.
export const FATES = {
  line: ["in line", "--quiet", "ring"],
  new: ["not answered yet", "--ink", "dot"],
  served: ["being served", "--ink", "disc"],
  ok: ["answered", "--simulated", "disc"],
  hit: ["hit", "--accent", "disc"],
  miss: ["miss", "--ink", "ring"],
  stale: ["stale", "--bad", "half"],
  late: ["too late", "--bad", "diamond"],
  refused: ["refused", "--bad", "square"],
  timeout: ["timed out", "--bad", "triangle"],
  failed: ["failed", "--bad", "cross"],
};

const corners = (...points) => (pen, r) => points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * r, y * r));
const circle = (pen, r) => pen.arc(0, 0, r, 0, 2 * Math.PI);
const OUTLINES = {
  ring: circle,
  disc: circle,
  dot: (pen, r) => circle(pen, 0.62 * r),
  half: circle,
  diamond: corners([0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]),
  square: corners([-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]),
  triangle: corners([0, -1.2], [1.15, 0.95], [-1.15, 0.95]),
};

// Draws one request at a point. `colours` maps the names of tokens to what canvas understands.
export function drawDot(pen, look, { x, y }, r, colours, opacity = 1) {
  const [, colour, shape] = FATES[look];
  pen.save();
  pen.translate(x, y);
  pen.globalAlpha = opacity;
  pen.strokeStyle = pen.fillStyle = colours[colour];
  pen.lineWidth = 1.8;
  pen.beginPath();
  if (shape === "cross") {
    for (const [a, b] of [[-1, -1], [-1, 1]]) {
      pen.moveTo(a * r, b * r);
      pen.lineTo(-a * r, -b * r);
    }
    pen.lineWidth = 2.4;
    pen.stroke();
  } else {
    OUTLINES[shape](pen, shape === "ring" || shape === "half" ? r - 0.8 : r);
    pen.closePath();
    if (shape === "ring" || shape === "half") {
      pen.fillStyle = colours["--sheet"];
      pen.fill();
      pen.stroke();
      pen.fillStyle = colours[colour];
    } else pen.fill();
    if (shape === "half") {
      pen.beginPath();
      pen.arc(0, 0, r - 0.8, Math.PI / 2, 1.5 * Math.PI);
      pen.fill();
    }
  }
  pen.restore();
}
