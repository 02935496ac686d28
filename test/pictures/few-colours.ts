// A picture of a page has a handful of colours and the shades of its letters' edges: 256 of them show it as well, in a
// third of the bytes.

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { crc32, deflateSync } from 'node:zlib';

const COLOURS_MAX = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS_A_CHANNEL = 8;
const INDEXED = 3;
/** An alpha channel is no part of what a page looks like. */
const BYTES_A_PIXEL = 4;

/** The same picture with a palette: colours that are hardly told apart become the commoner of them. */
export async function withFewColours(png: Buffer): Promise<Buffer> {
  const image = await loadImage(png);
  const { width, height } = image;
  const canvas = createCanvas(width, height);
  const paper = canvas.getContext('2d');
  paper.drawImage(image, 0, 0);
  const { data } = paper.getImageData(0, 0, width, height);
  const colours = Uint32Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * BYTES_A_PIXEL;
    return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  });
  const { palette, placeOf } = paletteOf(colours);
  // Each row begins with its filter: none.
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, pixel) => {
    const row = Math.floor(pixel / width);
    rows[row * (width + 1) + 1 + (pixel % width)] = placeOf(colour);
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([BITS_A_CHANNEL, INDEXED], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((each) => [each >> 16, (each >> 8) & 255, each & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Neighbours share a place, in steps as small as the palette allows. */
function paletteOf(colours: Uint32Array) {
  const counts = new Map<number, number>();
  colours.forEach((colour) => counts.set(colour, (counts.get(colour) ?? 0) + 1));
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour);
  for (let bits = BITS_A_CHANNEL; bits > 0; bits -= 1) {
    const kept = (0xff << (BITS_A_CHANNEL - bits)) & 0xff;
    const mask = (kept << 16) | (kept << 8) | kept;
    const palette: number[] = [];
    const places = new Map<number, number>();
    for (const colour of byCount) {
      if (!places.has(colour & mask)) {
        places.set(colour & mask, palette.push(colour) - 1);
      }
    }
    if (palette.length <= COLOURS_MAX) {
      return { palette, placeOf: (colour: number) => places.get(colour & mask) ?? 0 };
    }
  }
  throw new Error('One bit for each channel makes eight colours');
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
