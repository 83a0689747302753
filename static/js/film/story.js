// What is where at a moment of a film? Pure: a film in the form of `Film.as_json()` in, states by visit out.
// A visit is waiting (in line), inside (being served, or passing a place without slots), under way to its place, or
// gone for less than a moment; all other visits are nowhere.
export const MOST_CELLS = 64;

export function readFilm({ places, ways, visits, signs, start, end, each = 1 }) {
  const film = {
    places: places.map(([label, column, row, slots]) => ({ label, column, row, slots, cells: 0, longest: 0 })),
    ways,
    visits: visits.map(([dot, place, came, began, left, fate]) => ({ dot, place, came, began, left, fate })),
    signs: signs.map(([at, place, text, tone]) => ({ at, place, text, tone })),
    start,
    end,
    each,
  };
  film.visits.sort((a, b) => a.came - b.came);
  linkDots(film.visits);
  film.places.forEach((place, number) => seat(place, film.visits.filter((visit) => visit.place === number)));
  film.events = eventsOf(film);
  return film;
}

// The visits of one request follow each other: it travels from the place of one to that of the next.
function linkDots(visits) {
  const last = new Map();
  for (const visit of visits) {
    visit.before = last.get(visit.dot) ?? null;
    if (visit.before) visit.before.after = visit;
    last.set(visit.dot, visit);
  }
}

// Gives each visit a cell in its place for as long as it is served, the lowest free one; counts cells and longest line.
function seat(place, visits) {
  const free = [];
  for (const visit of [...visits].sort((a, b) => a.began - b.began)) {
    const begins = place.slots ? visit.began : visit.came;
    const cell = free.findIndex((until) => until <= begins);
    visit.cell = cell < 0 ? free.length : cell;
    free[visit.cell] = visit.left;
  }
  place.cells = Math.min(MOST_CELLS, Math.max(place.slots, free.length));
  if (!place.slots) return;
  const moves = visits.filter((v) => v.began > v.came).flatMap((v) => [[v.came, 1], [v.began, -1]]);
  let length = 0;
  for (const [, change] of moves.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    length += change;
    place.longest = Math.max(place.longest, length);
  }
}

// Returns what happens, in the order of time: {at, told}, one for each moment.
function eventsOf({ places, visits, signs, start, end }) {
  const byMoment = new Map();
  const tell = (at, text) => at >= start && at <= end && byMoment.set(at, [...(byMoment.get(at) ?? []), text]);
  for (const { dot, place, came, began, left, fate } of visits) {
    const { label, slots } = places[place];
    tell(came, `request ${dot + 1} comes to ${label}`);
    if (slots && began > came) tell(began, `request ${dot + 1} is taken up by ${label}`);
    tell(left, `request ${dot + 1} leaves ${label}${fate === "ok" ? "" : `: ${fate}`}`);
  }
  for (const { at, place, text } of signs) tell(at, `${places[place].label}: ${text}`);
  return [...byMoment].map(([at, told]) => ({ at, told })).sort((a, b) => a.at - b.at);
}

// Returns the state at a moment: for each place its line and who is inside, and who is between places. `lingers`
// (seconds) is how long one that has left is still seen.
export function stateAt(film, at, lingers) {
  const state = { lines: film.places.map(() => []), inside: film.places.map(() => []), underWay: [], gone: [] };
  for (const visit of film.visits) {
    const { place, came, began, left, before, after } = visit;
    if (at < came) {
      const from = before && before.left < came ? before.left : came;
      if (at >= from) state.underWay.push({ visit, share: (at - from) / (came - from) });
    } else if (at < left) {
      const waits = film.places[place].slots && at < began;
      (waits ? state.lines : state.inside)[place].push(visit);
    } else if (!after && at < left + lingers) state.gone.push({ visit, share: (at - left) / lingers });
  }
  return state;
}

// Returns the last sign of each place that is up at this moment, or null.
export function signsAt({ places, signs }, at) {
  const up = places.map(() => null);
  for (const sign of signs) if (sign.at <= at) up[sign.place] = sign;
  return up;
}

// Returns how many of a thinned film's requests so many dots stand for, in two digits: "46 dots ≈ 4,300 requests".
export function inDots({ each }, dots) {
  if (each === 1) return String(dots);
  const requests = Number((dots * each).toPrecision(2)).toLocaleString("en-GB");
  return `${dots} ${dots === 1 ? "dot" : "dots"} ≈ ${requests} requests`;
}

// Returns a moment in words: what has just happened there, who waits and who is served.
export function told(film, at) {
  const state = stateAt(film, at, 0);
  const event = film.events.findLast((each) => each.at <= at);
  const signs = signsAt(film, at);
  const where = film.places.map(({ label, slots }, number) => {
    const [waiting, inside] = [state.lines[number].length, state.inside[number].length];
    if (film.places.length > 5 && !inside && !waiting) return "";
    if (!slots) return inside ? `${label} ${inDots(film, inside)}` : "";
    const line = waiting ? `, ${inDots(film, waiting)} in line` : "";
    const sign = signs[number]?.text ? ` (${signs[number].text})` : "";
    if (film.each > 1) return `${label}${sign} ${inDots(film, inside)} being served${line}`;
    return `${label}${sign} ${inside} of ${slots} busy${line}`;
  });
  const last = event ? `${capital(event.told.slice(0, 3).join(", "))}. ` : "";
  return `${last}${where.filter(Boolean).join("; ")}.`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
