// How are simulated times told? In the unit that fits the length of the film.
// Units with the length from which each is used, and how many make a second.
const UNITS = [[60, "min", 1 / 60], [1, "s", 1], [1e-3, "ms", 1e3], [0, "µs", 1e6]];

// `scale` decides the unit, `length` how fine it is told (both seconds).
export function inTime(seconds, scale, length) {
  const [, unit, factor] = UNITS.find(([from]) => scale >= from);
  const number = seconds * factor;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(1e-3, length * factor))));
  return `${number.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0${unit}`;
}

// Returns round speeds (simulated seconds a second) from a fiftieth to twenty times what plays `length` in 35 s, and
// the number of the one that comes nearest to it.
export function speedsFor(length) {
  const usual = Math.max(length, 1e-6) / 35;
  const speeds = [];
  for (let power = Math.floor(Math.log10(usual)) - 2; power <= Math.log10(usual) + 2; power++)
    for (const digit of [1, 2, 5]) speeds.push(Number(`${digit}e${power}`));
  const kept = speeds.filter((speed) => speed >= usual / 50 && speed <= usual * 20);
  const off = (speed) => Math.abs(Math.log(speed / usual));
  return { speeds: kept, usual: kept.reduce((best, speed, i) => (off(speed) < off(kept[best]) ? i : best), 0) };
}

export function inSpeed(speed) {
  const [, unit, factor] = UNITS.find(([from]) => speed >= from);
  return `1\u00a0s shows ${Number((speed * factor).toPrecision(2))}\u00a0${unit}`;
}
