import { describe, expect, it } from 'vitest';
import { findMergeConflict } from '../../../src/content/markdown/merge-conflict.ts';
import { openContentRoom } from '../../support/content-room.ts';

const conflict = 'One.\n<<<<<<< HEAD\nNine ministers.\n=======\nTen ministers.\n>>>>>>> origin/main\nTwo.';

describe('findMergeConflict', () => {
  it('finds where it begins, with any line ends', () => {
    expect(findMergeConflict(conflict)).toBe(2);
    expect(findMergeConflict(conflict.replaceAll('\n', '\r\n'))).toBe(2);
  });

  it.each([
    'Nine << ten',
    '<<<<<<< HEAD\nNine.',
    'A heading\n=======\n\n>>>>>>> deep',
    `\`\`\`\n${conflict}\n\`\`\``,
    '>>>>>>> x\n=======\n<<<<<<< y',
  ])('finds none in %j', (text) => {
    expect(findMergeConflict(text)).toBeNull();
  });
});

describe('an article with half a merge in it', () => {
  it('keeps its last good version', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', {}, 'Nine ministers.');
    await room.catalog.refresh();
    expect(await room.html('talks')).toContain('Nine ministers.');
    await room.write('talks.md', {}, conflict);
    await room.catalog.refresh();
    expect(await room.html('talks')).toContain('Nine ministers.');
    expect(room.catalog.catalog().problems).toMatchObject([{ code: 'merge-conflict', line: 8, blocking: true }]);
    await room.write('talks.md', {}, 'Ten ministers.');
    await room.catalog.refresh();
    expect([await room.html('talks'), room.problems()]).toEqual([expect.stringContaining('Ten ministers.'), []]);
  });
});
