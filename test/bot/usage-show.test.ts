import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { usagePicture } from '../../src/bot/charts/usage-picture.ts';
import { usageCsv } from '../../src/bot/usage-csv.ts';
import { readUsage } from '../../src/bot/usage-reading.ts';
import { startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, press, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod', { credits: '1000' });
  await givenTeam(subject, 'acme-idle');
  await spend(subject, 'acme-prod', 120n);
  await spend(subject, 'acme-prod', 30n);
});
afterAll(async () => subject.close());

test("a team's usage is a message with sums, a chart and a table", async () => {
  await type('/team usage acme-prod', VIEWER);
  const said = await told('Usage of acme-prod', VIEWER);
  const shown = textOf(said);
  for (const part of ['*Credits*\\n150', '$15', '*Calls*\\n2', 'data_visualization', 'gpt-4o']) {
    expect(shown).toContain(part);
  }
  expect(said.text).toContain('150 credits in 2 calls');
  await press(said, '30 days', VIEWER);
  expect(textOf(await told('the last 30 days', VIEWER))).toContain('Credits used by week');
  await press(said, '12 months', VIEWER);
  expect(textOf(await told('the last 12 months', VIEWER))).toContain('Credits used by month');
});

test("an organization's usage tells its teams apart", async () => {
  await type('/org usage acme', VIEWER);
  const said = textOf(await told('Usage of acme"', VIEWER));
  expect(said).toContain('"Team"');
  expect(said).toContain('acme-prod');
});

test('a team that used nothing is told so, without an empty chart', async () => {
  await type('/team usage acme-idle');
  const said = textOf(await told('Nothing was used'));
  expect(said).not.toContain('data_visualization');
});

test('CSV and picture go to the person alone, the picture with words for who does not see it', async () => {
  await type('/team usage acme-prod range=30d as=csv');
  await told('.csv` is in our own conversation');
  await type('/team usage acme-prod range=30d as=picture');
  await told('.png` is in our own conversation');
  const sent = async (ending: string) => {
    const fits = ({ name }: Record<string, unknown>) => String(name).endsWith(ending);
    const message = await subject.control.waitForMessage(({ files }) => files.some(fits));
    expect(message.channel).toMatch(/^D/);
    return message.files.find(fits);
  };
  expect((await sent('.csv'))?.['name']).toMatch(/^usage-acme-prod-30d-to-\d{4}-/);
  expect((await sent('.png'))?.['alt_txt']).toContain(
    'Bar chart. Credits used by acme-prod, the last 30 days: 150',
  );
});

test('the picture shows a bar for what was used, and none for what was not', async () => {
  const scope = { kind: 'team', teamId: 'acme-prod' } as const;
  const reading = await readUsage(subject.stores, scope, { range: '30d', by: 'model' });
  const { png } = usagePicture(reading);
  const picture = await loadImage(png);
  const canvas = createCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const inked = (from: number, width: number) => {
    const { data } = context.getImageData(from, 200, width, 500);
    const isBar = (at: number) => data[at] === 0x2f && data[at + 1] === 0x6f;
    return Array.from({ length: data.length / 4 }, (_, pixel) => isBar(4 * pixel)).filter(Boolean);
  };
  const half = picture.width / 2;
  expect(inked(half, half).length).toBeGreaterThan(1_000);
  expect(inked(0, half)).toEqual([]);
});

test('a spreadsheet reads the CSV as numbers, and runs nothing of it', async () => {
  const scope = { kind: 'team', teamId: 'acme-prod' } as const;
  const reading = await readUsage(subject.stores, scope, { range: '7d', by: 'model' });
  const part = { ...reading.parts[0], name: '=HYPERLINK("x")' } as (typeof reading.parts)[number];
  const lines = usageCsv({ ...reading, parts: [part] }).split('\r\n');
  expect(lines).toHaveLength(1 + 7 + 1 + 1);
  expect(lines[7]).toMatch(/^period,\d{4}-\d\d-\d\d,150,15\.00,2,0,2,0,2,4$/);
  expect(lines[8]).toMatch(/^model,"'=HYPERLINK\(""x""\)",150,/);
});

test('words that mean a range are taken, and others say which there are', async () => {
  await type('/team usage acme-prod range=month by=keys');
  await told('the last 30 days');
  await type('/team usage acme-prod range=fortnight');
  const asked = textOf(await form('arguments'));
  expect(asked).toContain('“fortnight” is not a range: there are 7d, 14d, 30d, 90d, 365d');
});
