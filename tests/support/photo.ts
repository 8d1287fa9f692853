import { writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';

/** A picture with so much in it that its smaller sizes have fewer bytes: noise, the same each time, over a slope. */
export function photoOf(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at++) {
    state = (state * 48_271) % 2_147_483_647;
    pixels[at] = ((at / pixels.length) * 160 + (state % 64)) & 255;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export async function writePhoto(
  file: string,
  width: number,
  height: number,
  format: 'jpeg' | 'png' = 'jpeg',
): Promise<void> {
  const picture = photoOf(width, height);
  await writeFile(file, await (format === 'jpeg' ? picture.jpeg({ quality: 92 }) : picture.png()).toBuffer());
}
