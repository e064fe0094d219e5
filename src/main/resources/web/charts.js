// Charts of the last minutes. Each also shows its last value as text, for screen readers.

import { html, useEffect, useRef, useState } from "./vendor/ui.js";
import { Plot } from "./vendor/charts.js";

const HEIGHT = 120;
// The shortest time that a chart spans. A new brain has few samples, which should not fill the whole width.
const SHORTEST_S = 60;
const dark = matchMedia("(prefers-color-scheme: dark)");

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function useScheme() {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const changed = () => setDark(dark.matches);
    dark.addEventListener("change", changed);
    return () => dark.removeEventListener("change", changed);
  }, []);
  return isDark;
}

// Axis steps for counts, which are whole numbers.
const WHOLE = [1, 2, 5].flatMap((each) => [1, 10, 100, 1e3, 1e4, 1e5].map((by) => each * by)).sort((a, b) => a - b);

function options(width, lines, show, whole) {
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 5 } },
    padding: [8, 18, 0, 0],
    scales: { x: { range: (_, first, last) => (last === null ? [null, null] : [Math.min(first, last - SHORTEST_S), last]) }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.15 : 1] } },
    axes: [
      { ...axis, space: 48, incrs: [60, 120, 300], size: 22, values: "{HH}:{mm}" },
      { ...axis, ...(whole && { incrs: WHOLE }), size: 46, space: 28, values: (_, ticks) => ticks.map(show) },
    ],
    series: [{}, ...lines.map((line) => ({
      stroke: colour(line.colour),
      fill: line.fill ? colour(line.fill) : undefined,
      width: 1.5,
      points: { show: false },
      spanGaps: true,
    }))],
  };
}

// lines: [{ label, colour, values }]; times in seconds.
export function Chart({ title, times, lines, show, whole }) {
  const place = useRef(null);
  const plot = useRef(null);
  const scheme = useScheme();
  useEffect(() => {
    const fits = () => Math.max(160, place.current.clientWidth);
    plot.current = new Plot(options(fits(), lines, show, whole), [[], ...lines.map(() => [])], place.current);
    const watcher = new ResizeObserver(() => plot.current.setSize({ width: fits(), height: HEIGHT }));
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      plot.current.destroy();
    };
  }, [scheme]);
  useEffect(() => {
    plot.current.setData([times, ...lines.map((line) => line.values)]);
  }, [times, lines, scheme]);
  const last = (line) => show(line.values.findLast((value) => value !== null) ?? null);
  const words = lines.map((line) => `${line.label} ${last(line)}`).join(", ");
  return html`<figure class="chart">
    <figcaption><span class="title">${title}</span>
      ${lines.map((line) => html`<span class="key"><i class="swatch ${line.colour.slice(2)}"></i>${line.label} <b>${last(line)}</b></span>`)}</figcaption>
    <div ref=${place} role="img" aria-label="${title}, last five minutes: ${words}"></div>
  </figure>`;
}
