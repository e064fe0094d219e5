// Formats numbers and times.

const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];

export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10 && seconds % 1 !== 0) return `${seconds.toFixed(1)} s`;
  const whole = Math.max(0, Math.round(seconds));
  const at = UNITS.findIndex(([, size]) => whole >= size);
  if (at < 0) return "0 s";
  const [unit, size] = UNITS[at];
  const rest = Math.floor((whole % size) / (UNITS[at + 1]?.[1] || 1));
  return `${Math.floor(whole / size)} ${unit}` + (UNITS[at + 1] && rest ? ` ${rest} ${UNITS[at + 1][0]}` : "");
}

export function ago(time, now) {
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 2) return "now";
  const [unit, size] = UNITS.find(([, each]) => seconds >= each);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

const two = (number) => String(number).padStart(2, "0");

export function clock(time) {
  const at = new Date(time);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function number(value) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return String(Number(value.toFixed(value < 10 ? 2 : 1)));
}

export function millis(value) {
  if (value === null || value === undefined) return "–";
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${Number(value.toFixed(value < 10 ? 1 : 0))} ms`;
}

export function json(value) {
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}

export const short = (id) => (id && id.length > 12 ? id.slice(0, 8) : id || "–");
