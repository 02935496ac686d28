// A picture of usage, for what Slack's own charts do not hold: more than twenty points.

import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, LinearScale } from 'chart.js';
import { creditsToNumber } from '../../core/money.ts';
import { dateLabel, periodLabel, rangeWords, scopeName } from '../blocks/usage.ts';
import { roughCredits } from '../blocks/words.ts';
import type { UsageReading } from '../usage-reading.ts';

/** Twice the pixels of what Slack shows, for sharp screens. */
const WIDTH = 1_600;
const HEIGHT = 800;
const SCALE = 2;

const FONT = 'Inter';
const INK = '#1d1c1d';
const FAINT = '#8a8a8e';
const GRID = '#ececee';
/** Told apart from the ground and from the grid by everybody, also without colour. */
const BARS = '#2f6f73';

export interface Picture {
  readonly png: Buffer;
  /** What the picture shows, for those who do not see it. */
  readonly altText: string;
}

/** Draws credits by day or month. Takes some 100 ms of this thread. */
export function usagePicture(reading: UsageReading): Picture {
  prepare();
  const title = `Credits used by ${scopeName(reading.scope)}`;
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = INK;
  context.font = `600 ${18 * SCALE}px ${FONT}`;
  context.fillText(title, 32 * SCALE, 44 * SCALE);
  context.fillStyle = FAINT;
  context.font = `400 ${13 * SCALE}px ${FONT}`;
  const under = `${rangeWords(reading.range)} up to ${dateLabel(reading.until)}, ${roughCredits(reading.total.charge)} in all`;
  context.fillText(under, 32 * SCALE, 68 * SCALE);
  const { bars, forget } = drawBars(reading);
  context.drawImage(bars, 0, 84 * SCALE);
  // Only now: a chart that is forgotten wipes its canvas.
  forget();
  return { png: canvas.toBuffer('image/png'), altText: altTextOf(reading, title) };
}

function drawBars({ periods }: UsageReading) {
  const canvas = createCanvas(WIDTH, HEIGHT - 84 * SCALE);
  const font = { family: FONT, size: 12 * SCALE };
  const ticks = { color: FAINT, font };
  const chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: periods.map(({ period }) => periodLabel(period)),
      datasets: [
        {
          data: periods.map(({ charge }) => creditsToNumber(charge)),
          backgroundColor: BARS,
          borderRadius: 3 * SCALE,
          maxBarThickness: 40 * SCALE,
        },
      ],
    },
    options: {
      animation: false,
      responsive: false,
      events: [],
      devicePixelRatio: 1,
      layout: {
        padding: { left: 28 * SCALE, right: 32 * SCALE, top: 8 * SCALE, bottom: 16 * SCALE },
      },
      scales: {
        x: {
          grid: { display: false },
          border: { color: GRID },
          ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 24 * SCALE },
        },
        y: {
          beginAtZero: true,
          grid: { color: GRID, lineWidth: SCALE },
          border: { display: false },
          ticks: { ...ticks, maxTicksLimit: 6, padding: 8 * SCALE },
        },
      },
    },
  });
  return { bars: canvas, forget: () => chart.destroy() };
}

/** Once: the font is read from the package, never from the system, so that it looks the same everywhere. */
function prepare(): void {
  if (GlobalFonts.has(FONT)) {
    return;
  }
  const files = [
    import.meta.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2'),
    import.meta.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2'),
  ];
  for (const file of files) {
    GlobalFonts.registerFromPath(fileURLToPath(file), FONT);
  }
  Chart.register(BarController, BarElement, CategoryScale, LinearScale);
}

function altTextOf({ periods, range, total }: UsageReading, title: string): string {
  const highest = periods.toSorted((a, b) => Number(b.charge - a.charge))[0];
  const peak =
    highest === undefined || highest.charge === 0n
      ? 'nothing was used'
      : `most on ${periodLabel(highest.period)} with ${roughCredits(highest.charge)}`;
  return `Bar chart. ${title}, ${rangeWords(range)}: ${roughCredits(total.charge)} in all, ${peak}.`;
}
