import { xmlText } from './xml-text.ts';

/** One line of a panel. */
export interface Series {
  readonly name: string;
  /** By rising x; values that are no finite number above 0 on a logarithmic axis, or below 0 on a linear one, are left out. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A picture of a few series over one x axis. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yScale: 'linear' | 'log';
  /** Logarithmic if left out. */
  readonly xScale?: 'linear' | 'log';
  readonly series: readonly Series[];
}

/** Panels, two in a row. */
export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly Panel[];
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Axis {
  /** Place of a value, 0 at the start of the axis and 1 at its end. */
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

const PANEL = { width: 460, height: 320 } as const;
const MARGIN = { left: 72, right: 20, top: 62, bottom: 54 } as const;
const HEAD_HEIGHT = 64;
const COLOURS = ['#1f5fa8', '#c1571f', '#2f7d4f', '#7a4fa3'];
const INK = '#222222';
const GRID = '#dddddd';
const MOST_TICKS = 7;
/** A line of more points is drawn without dots. */
const MOST_SPOTS = 40;

function tickLabel(value: number): string {
  if (value >= 1_000_000) return `${String(value / 1_000_000)}M`;
  if (value >= 1000) return `${String(value / 1000)}k`;
  return String(Number(value.toPrecision(3)));
}

/** 1, 2 and 5 times powers of ten that cover a range; only powers where those would be too many. */
function logTicks(min: number, max: number): number[] {
  const [low, high] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const powers = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const first = Math.max(0, fine.findLastIndex((tick) => tick <= min * 1.000001));
  const last = fine.findIndex((tick) => tick >= max * 0.999999);
  const covering = fine.slice(first, last + 1);
  return covering.length > 1 && covering.length <= MOST_TICKS ? covering : powers;
}

function logAxis(values: readonly number[]): Axis {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  // Values that lie together need room around them, and no rounding may leave an axis without length.
  const ticks = max / min < 1.01 ? [min / 2, min, max * 2] : logTicks(min, max);
  const [from, to] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
  return { ticks, place: (value) => (Math.log10(value) - from) / (to - from) };
}

function linearAxis(values: readonly number[]): Axis {
  const max = Math.max(...values) || 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((each) => max / each < MOST_TICKS) ?? 2 * power;
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return { ticks: Array.from({ length: count + 1 }, (_, i) => i * step), place: (value) => value / (count * step) };
}

function usable({ yScale, series }: Panel): Series[] {
  const fits = ([x, y]: readonly [number, number]): boolean => Number.isFinite(x) && x > 0 && Number.isFinite(y) && (yScale === 'log' ? y > 0 : y >= 0);
  return series.map(({ name, points }) => ({ name, points: points.filter(fits) }));
}

const at = (value: number): string => String(Math.round(value * 100) / 100);

function label(text: string, x: number, y: number, style: string): string {
  return `<text x="${at(x)}" y="${at(y)}" ${style}>${xmlText(text)}</text>`;
}

function line(from: readonly [number, number], to: readonly [number, number], colour: string): string {
  return `<line x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}" stroke="${colour}"/>`;
}

function drawAxes(panel: Panel, { left, top, width, height }: Frame, { x, y }: { readonly x: Axis; readonly y: Axis }): string[] {
  const bottom = top + height;
  const vertical = x.ticks.flatMap((tick) => {
    const place = left + x.place(tick) * width;
    return [line([place, top], [place, bottom], GRID), label(tickLabel(tick), place, bottom + 18, 'text-anchor="middle"')];
  });
  const horizontal = y.ticks.flatMap((tick) => {
    const place = bottom - y.place(tick) * height;
    return [line([left, place], [left + width, place], GRID), label(tickLabel(tick), left - 8, place + 4, 'text-anchor="end"')];
  });
  const middle = top + height / 2;
  return [
    ...vertical,
    ...horizontal,
    `<rect class="frame" x="${at(left)}" y="${at(top)}" width="${at(width)}" height="${at(height)}" fill="none" stroke="${INK}"/>`,
    label(panel.title, left, top - 34, 'font-weight="bold" font-size="14"'),
    label(panel.xLabel, left + width / 2, bottom + 40, 'text-anchor="middle"'),
    label(panel.yLabel, left - 52, middle, `text-anchor="middle" transform="rotate(-90 ${at(left - 52)} ${at(middle)})"`),
  ];
}

function drawSeries({ name, points }: Series, index: number, place: { readonly frame: Frame; readonly x: Axis; readonly y: Axis }): string[] {
  const { frame, x, y } = place;
  const colour = COLOURS[index % COLOURS.length] ?? INK;
  const spots = points.map(([px, py]) => [at(frame.left + x.place(px) * frame.width), at(frame.top + (1 - y.place(py)) * frame.height)] as const);
  const legend = frame.left + index * 100;
  return [
    `<polyline points="${spots.map((spot) => spot.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...(spots.length > MOST_SPOTS ? [] : spots).map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
    `<rect x="${at(legend)}" y="${at(frame.top - 22)}" width="10" height="10" fill="${colour}"/>`,
    label(name, legend + 15, frame.top - 13, ''),
  ];
}

function drawPanel(panel: Panel, index: number): string[] {
  const frame: Frame = {
    left: (index % 2) * PANEL.width + MARGIN.left,
    top: HEAD_HEIGHT + Math.floor(index / 2) * PANEL.height + MARGIN.top,
    width: PANEL.width - MARGIN.left - MARGIN.right,
    height: PANEL.height - MARGIN.top - MARGIN.bottom,
  };
  const series = usable(panel);
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return [label(`${panel.title}: no figures`, frame.left, frame.top, 'font-weight="bold"')];
  const places = points.map(([value]) => value);
  const x = panel.xScale === 'linear' ? linearAxis(places) : logAxis(places);
  const values = points.map(([, value]) => value);
  const y = panel.yScale === 'log' ? logAxis(values) : linearAxis(values);
  return [...drawAxes(panel, frame, { x, y }), ...series.flatMap((each, i) => drawSeries(each, i, { frame, x, y }))];
}

/** Draws a plot as SVG 1.1, on a light background, without anything from elsewhere. */
export function svgPlot({ title, subtitle, panels }: Plot): string {
  const width = 2 * PANEL.width;
  const height = HEAD_HEIGHT + Math.ceil(panels.length / 2) * PANEL.height;
  const body = [
    `<title>${xmlText(title)}</title>`,
    `<rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    label(title, MARGIN.left, 32, 'font-size="18" font-weight="bold"'),
    label(subtitle, MARGIN.left, 54, ''),
    ...panels.flatMap(drawPanel),
  ];
  const root = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${INK}">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', root, ...body, '</svg>', ''].join('\n');
}
