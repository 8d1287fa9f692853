import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { chooseSizes, fileNameOf, planSizes } from './picture-sizes.ts';

/** A file that was made. */
export interface SizedFile {
  readonly suffix: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly type: string;
  readonly bytes: number;
}

/** Above it, a file of a few kilobytes may take gigabytes when it is unpacked. */
const mostPixels = 100_000_000;
const secondsForOne = 60;

// One picture on one thread, nothing kept: whoever serves goes first.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Makes the smaller files of a picture in `folder`, with its own file time; returns those worth offering, which may be
 * none. Animations stay as they are.
 *
 * @param type its media type, by its bytes.
 * @throws Error with what is wrong with the picture; one with a `code` where the folder can't be written.
 */
export async function resizePicture(source: string, type: string, folder: string): Promise<SizedFile[]> {
  const input = { limitInputPixels: mostPixels, failOn: 'error' as const };
  const { autoOrient, pages = 1, isPalette = false } = await sharp(source, input).metadata();
  const plan = pages > 1 ? [] : planSizes(type, autoOrient.width);
  const { size: bytes, mtime } = await stat(source);
  if (plan.length > 0) await mkdir(folder, { recursive: true });
  const sizes: SizedFile[] = [];
  for (const planned of plan) {
    const { suffix } = planned;
    const file = join(folder, fileNameOf(suffix));
    const picture = sharp(source, input)
      .autoOrient()
      .resize({ width: planned.boxWidth, withoutEnlargement: true })
      .timeout({ seconds: secondsForOne });
    const isWhole = planned.boxWidth >= autoOrient.width;
    const { data, info } = await encode(picture, planned.type, isPalette, isWhole).toBuffer({
      resolveWithObject: true,
    });
    await writeFile(file, data);
    await utimes(file, mtime, mtime);
    sizes.push({ suffix, width: info.width, height: info.height, type: planned.type, bytes: data.length });
  }
  return chooseSizes(sizes, { type, bytes });
}

/** A drawing of few colours stays one, and keeps its edges where it isn't made smaller. */
function encode(picture: Sharp, type: string, isPalette: boolean, isWhole: boolean): Sharp {
  switch (type) {
    case 'image/jpeg':
      return picture.jpeg({ quality: 80, mozjpeg: true });
    case 'image/png':
      return picture.png({ palette: isPalette, compressionLevel: 9 });
    case 'image/avif':
      return picture.avif({ quality: 50, effort: 2 });
    default:
      return picture.webp(isPalette && isWhole ? { nearLossless: true } : { quality: 82, smartSubsample: true });
  }
}
