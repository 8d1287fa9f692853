import { describe, expect, it } from 'vitest';
import { rawRequest } from '../support/http.ts';
import { serve, testWebApp } from '../support/web-app.ts';

const urlencoded = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
};
const multipart = {
  headers: { 'content-type': 'multipart/form-data; boundary=cut' },
  body: '--cut\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--cut--\r\n',
};

describe('POST /unsubscribe/TOKEN, one click', () => {
  it.each([
    ['urlencoded', urlencoded],
    ['multipart', multipart],
    ['without a body', {}],
    ['with a type that does not fit', { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }],
  ])('leaves with 200, no redirect and no cookie: %s', async (_name, request) => {
    for (const prefix of ['', '/fa']) {
      const app = testWebApp();
      const { url } = await serve(app);
      const answer = await rawRequest(url, `${prefix}/unsubscribe/good-token`, { method: 'POST', ...request });
      expect(answer.status).toBe(200);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(app.leaves).toEqual([{ token: 'good-token', scope: 'newsletter', source: 'one-click' }]);
      expect([...(app.subscriptions.get('good-token') ?? [])]).toEqual(['daily']);
    }
  });

  it('needs no Origin and minds no foreign one', async () => {
    for (const origin of ['null', 'https://mail.example']) {
      const app = testWebApp();
      const { url } = await serve(app);
      const headers = { ...urlencoded.headers, origin, 'sec-fetch-site': 'cross-site' };
      const answer = await rawRequest(url, '/unsubscribe/good-token', { ...urlencoded, method: 'POST', headers });
      expect(answer.status).toBe(200);
      expect(app.leaves).toHaveLength(1);
    }
  });

  it('answers a repeat and an unknown token in the same words', async () => {
    const { url } = await serve(testWebApp());
    const post = (token: string) => rawRequest(url, `/unsubscribe/${token}`, { method: 'POST', ...urlencoded });
    const first = await post('good-token');
    for (const token of ['good-token', 'forged', '%00', '%E0%A4%A', 'a'.repeat(2000)]) {
      const answer = await post(token);
      expect(answer.status, token).toBe(200);
      expect(answer.body.equals(first.body)).toBe(true);
    }
  });

  it('refuses a body that is too long', async () => {
    const app = testWebApp();
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/unsubscribe/good-token', {
      ...urlencoded,
      method: 'POST',
      body: `x=${'y'.repeat(50_000)}`,
    });
    expect(answer.status).toBe(413);
    expect(app.leaves).toEqual([]);
  });

  it('says that it failed where leaving failed, so that the provider tries again', async () => {
    const app = testWebApp();
    const broken = {
      ...app,
      readers: { ...app.readers, leave: () => Promise.reject(new Error('The disk is full.')) },
    };
    const { url } = await serve(broken);
    const answer = await rawRequest(url, '/unsubscribe/good-token', { method: 'POST', ...urlencoded });
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).not.toContain('disk');
  });
});

describe('GET /unsubscribe/TOKEN', () => {
  it('names the newsletter, offers a button, and changes nothing', async () => {
    const app = testWebApp();
    const { url } = await serve(app);
    for (const [path, title] of [
      ['/unsubscribe/good-token', 'The week'],
      ['/fa/unsubscribe/good-token', 'هفته'],
    ] as const) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await rawRequest(url, path, { method });
        expect(answer.status).toBe(200);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers['set-cookie']).toBeUndefined();
        if (method === 'GET') {
          expect(answer.body.toString()).toContain(title);
          expect(answer.body.toString()).toContain(`<form method="post" action="${path}">`);
        }
      }
    }
    expect(app.leaves).toEqual([]);
  });

  it('tells of a forged token no more than that the link can’t be used', async () => {
    const { url } = await serve(testWebApp());
    const answer = await rawRequest(url, '/unsubscribe/forged');
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toContain('This link can’t be used');
    expect(answer.body.toString()).not.toContain('The week');
  });
});

describe('the button of /unsubscribe/TOKEN', () => {
  const press = (value: string) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `leave=${value}`,
  });

  it('leaves one newsletter and says so in a page', async () => {
    const app = testWebApp();
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/fa/unsubscribe/good-token', press('newsletter'));
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('خارج شدید');
    expect(app.leaves).toEqual([{ token: 'good-token', scope: 'newsletter', source: 'page' }]);
    expect((await rawRequest(url, '/fa/unsubscribe/good-token', press('newsletter'))).status).toBe(200);
  });

  it('leaves all of them', async () => {
    const app = testWebApp();
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/unsubscribe/good-token', press('all'));
    expect(answer.body.toString()).toContain('None of our newsletters');
    expect(app.subscriptions.get('good-token')).toEqual(new Set());
  });
});
