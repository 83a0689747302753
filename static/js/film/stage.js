// Where do the places of a film stand on a picture so wide? Columns from left to right; on a narrow picture, a chain of
// columns runs from above downwards instead. Lengths in CSS pixels.
const [TOP, LABEL, SIGN, GAP, EDGE, NARROW] = [7, 17, 15, 16, 40, 620];

export function layOut(film, width) {
  const columns = [...new Set(film.places.map(({ column }) => column))].sort((a, b) => a - b);
  const lanes = columns.map((column) =>
    film.places.filter((place) => place.column === column).sort((a, b) => a.row - b.row),
  );
  const most = Math.max(...lanes.map((lane) => lane.length));
  const upright = width < NARROW && columns.length > 1 && most <= columns.length;
  const across = upright ? most : columns.length;
  const cell = (width - (upright ? GAP : EDGE)) / across;
  const radius = cell < 150 || most > 6 ? 4 : 5;
  const dense = most > 6; // so many rows that a sign stands beside its label, not below it
  const above = LABEL + (film.signs.length && !dense ? SIGN : 0);
  const boxes = new Map(film.places.map((place) => [place, boxOf(place, radius, across === 1, cell, dense ? 22 : 34)]));
  const high = above + Math.max(...[...boxes.values()].map((box) => box.room)) + (dense ? GAP / 2 : GAP);
  const deep = upright ? columns.length : most;
  const height = TOP + deep * high + GAP;
  lanes.forEach((lane, number) =>
    lane.forEach((place, rank) => {
      const [x, y] = upright
        ? [(width - lane.length * cell) / 2 + rank * cell, TOP + number * high]
        : [number * cell, TOP + ((deep - lane.length) * high) / 2 + rank * high];
      settle(boxes.get(place), x, y, cell, above, high, Math.max(...lane.map(({ longest }) => longest)));
    }),
  );
  return { width, height, radius, upright, dense, boxes: film.places.map((place) => boxes.get(place)) };
}

// How large is a box: a grid of cells for those who are served, and room for a line before it, in so many ranks.
function boxOf(place, radius, alone, cell, least) {
  const pitch = 2 * radius + 4;
  const cells = Math.max(1, place.cells);
  const broad = Math.max(1, Math.floor((0.5 * cell) / pitch));
  const files = Math.min(cells <= 3 ? cells : Math.ceil(Math.sqrt(cells * 1.7)), broad);
  const ranks = Math.ceil(cells / files);
  const [w, h] = [Math.max(38, files * pitch + 10), Math.max(least, ranks * pitch + (least < 34 ? 6 : 10))];
  const free = Math.max(pitch, (alone ? 1 : 0.72) * (cell - w - 2 * GAP));
  const most = alone ? 8 : Math.max(3, Math.floor(h / pitch));
  const lineRanks = Math.min(most, Math.max(1, Math.ceil((place.longest * pitch) / free)));
  const lineFiles = Math.max(1, Math.floor(free / pitch));
  return { w, h, pitch, files, ranks, lineRanks, lineFiles, room: Math.max(h, lineRanks * pitch) };
}

// Boxes of one column stand below each other: the longest line among them makes the room for all.
function settle(box, x, y, cell, above, high, longest) {
  const line = longest ? Math.min(box.lineFiles, Math.ceil(longest / box.lineRanks)) * box.pitch + 8 : 0;
  const spare = Math.max(0, cell - box.w - line - GAP);
  box.x = x + GAP / 2 + line + spare * (line ? 0.75 : 0.5);
  box.top = y + above;
  box.cx = box.x + box.w / 2;
  box.cy = box.top + box.room / 2 + Math.max(0, high - above - box.room - GAP) / 2;
  box.y = box.cy - box.h / 2;
}

// Returns where the numbered cell of a box is.
export function cellAt(box, number) {
  const [file, rank] = [number % box.files, Math.floor(number / box.files)];
  const offset = (of, count) => (of - (count - 1) / 2) * box.pitch;
  return { x: box.cx + offset(file, box.files), y: box.cy + offset(rank, box.ranks) };
}

// Returns where the numbered one stands in the line before a box; null if the line is longer than fits.
export function lineAt(box, number) {
  const [rank, file] = [number % box.lineRanks, Math.floor(number / box.lineRanks)];
  if (file >= box.lineFiles) return null;
  return { x: box.x - 6 - (file + 0.5) * box.pitch, y: box.cy + (rank - (box.lineRanks - 1) / 2) * box.pitch };
}
