import { describe, expect, it } from 'vitest';
import { describeAnnotation } from '../../src/cli/annotations.ts';

const problem = {
  file: 'content/a,b: 100%.md',
  line: 3,
  column: 1,
  field: 'title',
  code: 'missing-title',
  message: 'title: 100% is missing,\r\nadd it.',
  blocking: true,
};

describe('describeAnnotation', () => {
  it('escapes what GitHub would take for its own syntax', () => {
    expect(describeAnnotation(problem, { dir: '/srv/site', root: '/srv' })).toBe(
      '::error file=site/content/a%2Cb%3A 100%25.md,line=3,col=1,title=missing-title::title: 100%25 is missing,%0D%0Aadd it.',
    );
  });

  it('leaves out what isn’t known', () => {
    const whole = { ...problem, file: 'content', line: null, column: null, message: 'Gone.', blocking: false };
    expect(describeAnnotation(whole, { dir: '/srv', root: '/srv' })).toBe(
      '::warning file=content,title=missing-title::Gone.',
    );
  });
});
