import { lazily } from '../lazily.ts';

/** Made when it is asked for: that takes milliseconds, which commands without mail needn't wait. */
const segmenter = lazily(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** A text's letters as a reader counts them. */
export function graphemesOf(text: string): string[] {
  return Array.from(segmenter().segment(text), ({ segment }) => segment);
}
