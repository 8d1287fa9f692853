import { describe, expect, it } from 'vitest';
import { createRebuildLog } from '../../src/cli/rebuild-log.ts';
import type { ContentProblem } from '../../src/content/index.ts';

function problemOf(file: string, changes: Partial<ContentProblem> = {}): ContentProblem {
  const place = { file: `content/${file}.md`, line: 3, column: 1, field: null };
  return { ...place, code: 'raw-html', message: '“<b>” is HTML.', blocking: false, ...changes };
}

/** What rebuilds with these problems, one after the other, log of problems. */
function told(...rebuilds: readonly (readonly ContentProblem[])[]): string[][] {
  const events: { readonly event: string; readonly message: unknown }[] = [];
  const add = (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
    void events.push({ event, message: fields['message'] });
  const log = createRebuildLog({ info: add, warn: add, error: add });
  return rebuilds.map((problems) => {
    events.length = 0;
    log({ articles: 2, problems, documents: 3, written: 1, failed: 0, refused: false, ms: 5 });
    expect(events.at(-1)?.event).toBe('rebuild');
    return events.slice(0, -1).map(({ message }) => String(message));
  });
}

describe('createRebuildLog', () => {
  it('names what deserves a look once, however often something is saved, and again when it was gone', () => {
    const bridge = problemOf('bridge');
    const lines = told([bridge], [{ ...bridge, line: 9 }], [bridge, problemOf('tunnel')], [], [bridge]);
    const named = 'content/bridge.md:3:1 “<b>” is HTML.';
    expect(lines).toEqual([[named], [], ['content/tunnel.md:3:1 “<b>” is HTML.'], [], [named]]);
  });

  it('names an article that is left out at each rebuild until it is mended', () => {
    const broken = problemOf('bridge', { code: 'missing-title', message: 'It has no title.', blocking: true });
    const named = 'content/bridge.md:3:1 It has no title. (left out)';
    expect(told([broken], [broken, problemOf('tunnel')], [])).toEqual([
      [named],
      [named, 'content/tunnel.md:3:1 “<b>” is HTML.'],
      [],
    ]);
  });

  it('counts those of a kind that has too many where their number has changed', () => {
    const many = Array.from({ length: 60 }, (_, number) => problemOf(`story-${number}`));
    const [first = [], ...later] = told(many, many, [...many, problemOf('one-more')]);
    expect(first).toHaveLength(6);
    expect(later).toEqual([[], [expect.stringContaining('There are 56 more such as this')]]);
  });
});
