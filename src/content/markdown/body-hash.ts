import { hash } from 'node:crypto';
import type { SourceText } from '../source-file.ts';

/**
 * Half a SHA-256 of an article's Markdown, hex; empty where there is none, which tells nothing.
 *
 * @param body What stands below the front matter.
 * @param source The file that it is from.
 */
export function hashOfBody(body: string, { text, bytes }: Pick<SourceText, 'text' | 'bytes'>): string {
  const trimmed = body.trim();
  if (trimmed === '') return '';
  // With other line ends than it was written with, it stands nowhere in the file; else it is the end of it.
  if (text.includes('\r')) return shortHash(trimmed);
  // Encoding a text takes longer than hashing it, and here it lies encoded already.
  const begin = text.length - body.trimStart().length;
  const before = Buffer.byteLength(text.slice(0, begin));
  const after = Buffer.byteLength(text.slice(begin + trimmed.length));
  return shortHash(bytes.subarray(before, bytes.length - after));
}

/** The first half of a SHA-256, hex: all of a hundred thousand articles' stay in memory. */
export function shortHash(content: string | Uint8Array): string {
  return hash('sha256', content).slice(0, 32);
}
