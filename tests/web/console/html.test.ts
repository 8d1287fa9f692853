import { describe, expect, it } from 'vitest';
import type { Localized } from '../../../src/site.ts';
import { editionHead } from '../../../src/web/console/html/edition-head.ts';
import { editionTitle } from '../../../src/web/console/html/edition-title.ts';
import { errorSummary, field, selectField } from '../../../src/web/console/html/form.ts';
import { pager } from '../../../src/web/console/html/pager.ts';
import { sentenceText } from '../../../src/web/console/html/sentence-text.ts';
import { table } from '../../../src/web/console/html/table.ts';
import { timeText } from '../../../src/web/console/html/time-text.ts';
import { consoleRequest } from '../../support/console-request.ts';
import { editionOf } from '../../support/edition-fixtures.ts';
import { weekly } from '../../support/story-fixtures.ts';

describe('field', () => {
  it('keeps what was typed and says beside it what is wrong', async () => {
    const errors = { email: 'That isn’t an address.' };
    const text = String(await field({ name: 'email', label: 'Email', value: '"><b>', help: 'Yours.', errors }));
    expect(text).toContain('value="&quot;&gt;&lt;b&gt;"');
    expect(text).toContain('aria-describedby="email-help email-error" aria-invalid="true"');
    expect(text).toContain('<p class="error" id="email-error">That isn’t an address.</p>');
    expect(String(await errorSummary(errors))).toContain('<a href="#email">That isn’t an address.</a>');
  });

  it('marks what is chosen', async () => {
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ];
    const text = String(await selectField({ name: 'role', label: 'Role', value: 'b', options }));
    expect(text).toContain('<option value="a" dir="auto">A</option><option value="b" dir="auto" selected>B</option>');
  });
});

describe('titles that run from right to left', () => {
  it('stand apart from the English around them, and don’t turn it round', async () => {
    expect(String(await sentenceText('“پل (۱)” was edited in fa.'))).toBe('“<bdi>پل (۱)</bdi>” was edited in fa.');
    const { site } = consoleRequest();
    const edition = { newsletter: 'weekly', dueAt: '2026-11-27T03:00:00.000Z', rhythm: 'each' } as const;
    const titled = (title: Localized): string => editionTitle(site, [{ ...weekly, title }], edition);
    expect(titled({ fa: 'هفته (۱)' })).toBe('\u2068هفته (۱)\u2069, Friday 27 November 2026');
    expect(titled({ en: 'The week', fa: 'هفته' })).toBe('The week, Friday 27 November 2026');
  });
});

describe('table', () => {
  it('names each row by its first cell', async () => {
    const text = String(
      await table('Readers', [{ title: 'Name' }, { title: 'Mails', isNumber: true }], [['<Ana>', '12']]),
    );
    expect(text).toContain('<th scope="row">&lt;Ana&gt;</th><td class="number" data-title="Mails">12</td>');
  });
});

describe('pager', () => {
  it('keeps the rest of the query', async () => {
    const request = consoleRequest({ query: new URLSearchParams('q=ana&after=7') });
    const text = String(await pager(request, '/readers', '19'));
    expect(text).toContain('href="/console/readers?q=ana"');
    expect(text).toContain('href="/console/readers?q=ana&amp;after=19"');
    expect(String(await pager(consoleRequest(), '/readers', null))).toBe('');
  });
});

describe('timeText', () => {
  it('tells the other zone’s time only where it is another', async () => {
    const operator = { timezone: 'Europe/Berlin' };
    const instant = '2026-11-27T03:00:00.000Z';
    expect(String(await timeText(operator, instant))).toContain('>27 Nov 2026, 04:00</time>');
    expect(String(await timeText(operator, instant, 'Asia/Tbilisi'))).toContain('(07:00 in Tbilisi)');
    expect(String(await timeText(operator, instant, 'America/New_York'))).toContain('(26 Nov 2026, 22:00 in New York)');
    expect(String(await timeText(operator, instant, 'Europe/Paris'))).not.toContain('Paris');
  });
});

describe('editionHead', () => {
  const edition = editionOf();

  it('shows how far it has come, and the pages that this operator may see', async () => {
    const request = consoleRequest({ may: (right) => right !== 'readers:view' });
    const text = String(await editionHead(request, edition, 'sending', 'It is being sent.'));
    expect(text).toContain('<li class="done">Approved</li><li class="now" aria-current="step">Sending</li>');
    expect(text).toContain('href="/console/editions/weekly-2026-11-27T0300Z/sending" aria-current="page"');
    expect(text).not.toContain('/readers');
  });
});
