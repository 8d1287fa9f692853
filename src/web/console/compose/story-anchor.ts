import { createHash } from 'node:crypto';

/** What a story's place on a page is called, so that one comes back to it after each deed. */
export function storyAnchor(key: string): string {
  return `story-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`;
}
