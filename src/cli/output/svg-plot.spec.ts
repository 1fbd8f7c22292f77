import fc from 'fast-check';
import { NOT_XML, openElements } from '../../../test/fixtures/xml-elements.ts';
import { growPlot } from '../bench/grow/grow-plot.ts';
import { type Panel, type Plot, svgPlot } from './svg-plot.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const numbers = (element: string): Record<string, number> => Object.fromEntries(Array.from(element.matchAll(/ ([a-z]+)="(-?[\d.]+)"/g), ([, name = '', value]) => [name, Number(value)]));
const framesOf = (svg: string): Box[] => Array.from(svg.matchAll(/<rect class="frame"[^>]*>/g), ([element]) => numbers(element) as unknown as Box);
const spotsOf = (svg: string): { cx: number; cy: number }[] => Array.from(svg.matchAll(/<circle [^>]*>/g), ([element]) => numbers(element) as unknown as { cx: number; cy: number });
const NOWHERE: Box = { x: -1, y: -1, width: 0, height: 0 };
const isInside = ({ cx, cy }: { cx: number; cy: number }, { x, y, width, height }: Box): boolean => cx >= x && cx <= x + width && cy >= y && cy <= y + height;

const panel = (points: Panel['series'][number]['points'], yScale: Panel['yScale'] = 'linear'): Panel => ({ title: 't', xLabel: 'x', yLabel: 'y', yScale, series: [{ name: 's', points }] });
const plotOf = (...panels: Panel[]): Plot => ({ title: 'Title', subtitle: 'Subtitle', panels });

describe('svgPlot', () => {
  const value = fc.oneof(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 1_000_000 }));
  const points = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 });

  it('draws every point inside its frame, on either scale', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(points, fc.constantFrom('linear' as const, 'log' as const)), { minLength: 1, maxLength: 5 }), (list) => {
        const svg = svgPlot(plotOf(...list.map(([each, scale]) => panel(each, scale))));
        const frames = framesOf(svg);
        expect(frames).toHaveLength(list.length);
        const spots = spotsOf(svg);
        expect(spots).toHaveLength(list.reduce((sum, [each]) => sum + each.length, 0));
        const [, , width = 0, height = 0] = (/viewBox="([^"]*)"/.exec(svg)?.[1] ?? '').split(' ').map(Number);
        const picture = { x: 0, y: 0, width, height };
        for (const { x, y, ...size } of frames) expect([isInside({ cx: x, cy: y }, picture), isInside({ cx: x + size.width, cy: y + size.height }, picture)]).toEqual([true, true]);
        const owners = list.flatMap(([each], index) => each.map(() => frames[index]));
        expect(spots.filter((spot, i) => !isInside(spot, owners[i] ?? NOWHERE))).toEqual([]);
      }),
    );
  });

  it.each([[1e9 - 2e-6, 1e9 - 1e-6], [999.9999999, 1000], [1000, 1000.0001], [5, 5]])('gives values as close as %d and %d an axis', (one, other) => {
    const svg = svgPlot(plotOf(panel([[one, one], [other, other]], 'log')));
    expect(svg).not.toContain('NaN');
    expect(spotsOf(svg).every((spot) => isInside(spot, framesOf(svg)[0] ?? NOWHERE))).toBe(true);
  });

  it('is well-formed whatever the texts say', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a < b & "c" > \'d\'', ']]>', '<script>', '\u0000\uFFFF\uD800'));
    fc.assert(
      fc.property(text, text, text, (title, label, name) => {
        const svg = svgPlot({ title, subtitle: label, panels: [{ title, xLabel: label, yLabel: name, yScale: 'log', series: [{ name, points: [[1, 1], [2, 4]] }] }] });
        expect(openElements(svg)).toEqual([]);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(svg).not.toMatch(NOT_XML);
      }),
    );
  });

  it('escapes texts', () => {
    expect(svgPlot({ ...plotOf(), title: 'a < b & "c"' })).toContain('>a &lt; b &amp; &quot;c&quot;</text>');
  });

  it('leaves out what has no place, and says so where nothing is left', () => {
    const svg = svgPlot(plotOf(panel([[10, Number.NaN], [100, 5], [0, 5], [1000, -1]]), panel([[10, 0]], 'log')));
    expect(spotsOf(svg)).toHaveLength(1);
    expect(svg).toContain('t: no figures');
  });

  it('names round numbers on its axes', () => {
    const svg = svgPlot(plotOf(panel([[10_000, 12], [100_000, 47], [1_000_000, 180]])));
    for (const label of ['10k', '100k', '1M', '50', '100', '150', '200']) expect(svg).toContain(`>${label}</text>`);
  });
});

describe('growPlot', () => {
  it('draws time, size, memory and questions of every row', () => {
    const row = (passages: number): Record<string, number> => ({ passages, totalSeconds: passages / 500, databaseMb: passages / 300, rssMb: 300, peakRssMb: 400, p50Ms: 4, p95Ms: 9, p99Ms: 12 });
    const svg = growPlot([row(10_000), row(100_000)], 'here & now');
    expect(framesOf(svg)).toHaveLength(4);
    expect(spotsOf(svg)).toHaveLength(2 * (1 + 1 + 2 + 3));
    expect(openElements(svg)).toEqual([]);
  });
});
