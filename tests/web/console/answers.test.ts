import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { readConsoleForm } from '../../../src/web/console/console-form.ts';
import { csvDownload } from '../../../src/web/console/csv-download.ts';
import { eventStream } from '../../../src/web/console/event-stream.ts';
import { partial } from '../../../src/web/console/partial.ts';
import { refused } from '../../../src/web/console/refused.ts';
import { seeOther } from '../../../src/web/console/see-other.ts';
import { html } from '../../../src/web/html/html.ts';
import { consoleRequest } from '../../support/console-request.ts';

describe('seeOther', () => {
  it('leads to a page of the console with a notice that the next page takes', () => {
    const answer = seeOther(consoleRequest(), '/editions/a', '“Weekly” is paused.');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/editions/a']);
    expect(answer.headers.get('set-cookie')).toBe(
      '__Host-silkpost-notice=%E2%80%9CWeekly%E2%80%9D%20is%20paused.; Path=/; Secure; HttpOnly; SameSite=Lax',
    );
  });

  it('cuts a notice to what browsers keep, whatever script it is in, and at no half character', () => {
    for (const letter of ['ა', 'a', '😀']) {
      const cookie = seeOther(consoleRequest(), '/', letter.repeat(5000)).headers.get('set-cookie') ?? '';
      expect(cookie.length).toBeLessThan(4096);
      const value = decodeURIComponent(/notice=([^;]*)/.exec(cookie)?.[1] ?? '');
      expect(value.replaceAll(letter, '')).toBe('…');
    }
    const half = seeOther(consoleRequest(), '/', `half \ud83d`).headers.get('set-cookie') ?? '';
    expect(half).toContain('notice=half%20%EF%BF%BD;');
  });
});

describe('partial and refused', () => {
  it('carry the console’s policy, and 422 where a form can’t be taken', async () => {
    const answer = await refused(partial(html`<p>${'<b>'}</p>`));
    expect([answer.status, await answer.text()]).toEqual([422, '<p>&lt;b&gt;</p>']);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('csvDownload', () => {
  it('quotes cells and lets none be a formula', async () => {
    const answer = csvDownload('readers.csv', [
      ['name', 'note'],
      ['=1+1', 'a "b", c'],
    ]);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="readers.csv"');
    expect(await answer.text()).toBe('name,note\r\n\'=1+1,"a ""b"", c"\r\n');
  });

  it('asks for no more rows once nobody saves them', async () => {
    let asked = 0;
    let ended = false;
    async function* rows(): AsyncGenerator<string[]> {
      try {
        for (;;) {
          asked += 1;
          yield ['x'.repeat(20_000)];
        }
      } finally {
        ended = true;
      }
    }
    const reader = csvDownload('rows.csv', rows()).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => ended).toBe(true);
    expect(asked).toBeLessThan(50);
  });

  it('breaks off where the rows do', async () => {
    async function* rows(): AsyncGenerator<string[]> {
      yield ['first'];
      throw new Error('gone');
    }
    await expect(csvDownload('rows.csv', rows()).text()).rejects.toThrow('gone');
  });
});

describe('eventStream', () => {
  it('sends named events, a line of data for each line of text', async () => {
    const answer = eventStream(consoleRequest(), async (send) => {
      send('progress', '<p>1</p>\n<p>2</p>');
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await answer.text()).toBe(': open\n\nevent: progress\ndata: <p>1</p>\ndata: <p>2</p>\n\n');
  });

  it('tells what produces it when the client goes', async () => {
    let stopped: AbortSignal | null = null;
    const answer = eventStream(consoleRequest(), async (_send, signal) => {
      stopped = signal;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    });
    await answer.body?.cancel();
    expect(stopped).toHaveProperty('aborted', true);
  });

  it('ends with a comment where what produces it fails', async () => {
    const answer = eventStream(consoleRequest(), async () => {
      throw new AppError('not_found', 'There is no\nsuch edition.');
    });
    expect(await answer.text()).toBe(': open\n\n: There is no such edition.\n\n');
  });
});

describe('readConsoleForm', () => {
  const post = (body: string, type: string): Request =>
    new Request('http://localhost/', { method: 'POST', body, headers: { 'content-type': type } });

  it('reads fields in their order', async () => {
    const form = await readConsoleForm(post('a=1&b=%D5%A1&a=2', 'application/x-www-form-urlencoded'), 100);
    expect([...form]).toEqual([
      ['a', '1'],
      ['b', 'ա'],
      ['a', '2'],
    ]);
  });

  it('reads nothing out of what is no form, and refuses what is too long', async () => {
    expect([...(await readConsoleForm(post('{"a":1}', 'application/json'), 100))]).toEqual([]);
    const long = readConsoleForm(post(`a=${'x'.repeat(100)}`, 'application/x-www-form-urlencoded'), 100);
    await expect(long).rejects.toThrow('longer than 100 bytes');
  });
});
