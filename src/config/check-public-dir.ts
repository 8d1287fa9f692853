import { sep } from 'node:path';
import { AppError } from '../errors.ts';
import type { Config } from './config.ts';

/**
 * What is written for readers, and removed once it is withdrawn, lies apart from what people write, and holds no secrets.
 *
 * @param publicDir absolute, as are the others.
 * @throws AppError `invalid` where it doesn't.
 */
export function checkPublicDir(publicDir: string, { content, templates, data }: Config['paths']): void {
  const own = [content, templates].find((folder) => isWithin(publicDir, folder) || isWithin(folder, publicDir));
  if (own !== undefined) {
    const sentence = `Feeds and pictures can’t be written to ${publicDir}: what is withdrawn is removed there, and ${own} is yours. Name another folder.`;
    throw new AppError('invalid', sentence);
  }
  if (isWithin(data, publicDir)) {
    const sentence = `Feeds and pictures can’t be written to ${publicDir}: whoever is shown it would find the readers and the keys in ${data}. Name another folder.`;
    throw new AppError('invalid', sentence);
  }
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}
