import { sentenceOf } from '../errors.ts';
import type { FeedFormat } from './feed.ts';
import { hasForbiddenCharacter } from './feed-text.ts';
import { parseXml } from './xml-tree.ts';

/**
 * What is wrong with a document or with one entry of it, or null where it parses back. A frame that parses back with
 * entries that do makes a document that does, so a document is never parsed as a whole.
 */
export function findFault(format: FeedFormat, text: string): string | null {
  try {
    if (format === 'json') {
      JSON.parse(text);
      return null;
    }
    // The parser lets control characters through.
    if (hasForbiddenCharacter(text)) return 'It holds a character that XML doesn’t allow.';
    parseXml(text);
    return null;
  } catch (error) {
    return sentenceOf(error).split('\n')[0] ?? 'It doesn’t parse.';
  }
}
