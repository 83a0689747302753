// How is a number worded? As on the server: a share in per cent, three significant digits, a unit after a hard space.
export function asText(value, unit = "", digits = 3) {
  const shown = unit === "%" ? value * 100 : value;
  const text = new Intl.NumberFormat("en-GB", {
    maximumSignificantDigits: Math.max(digits, Math.ceil(Math.log10(Math.abs(shown) + 1))),
  }).format(shown);
  return unit ? `${text}\u00a0${unit}` : text;
}
