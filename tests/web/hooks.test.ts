import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { WebApp } from '../../src/web/index.ts';
import { rawRequest } from '../support/http.ts';
import { serve, testWebApp } from '../support/web-app.ts';

/** Takes what is posted to `known`; anything else is unknown. */
async function openHooks(url = 'http://localhost') {
  const received: string[] = [];
  const app: WebApp = {
    ...testWebApp({ site: { url } }),
    hooks: {
      async receive(provider, headers, body) {
        if (provider === 'down') throw new AppError('unavailable', 'Later.');
        if (provider !== 'known') return null;
        received.push(`${headers['x-mark']} ${body.length}`);
        return { status: 202, text: 'Kept.' };
      },
    },
  };
  const server = await serve(app);
  return {
    received,
    post: (path: string, options = {}) => rawRequest(server.url, path, { method: 'POST', ...options }),
  };
}

describe('/hooks/PROVIDER', () => {
  it('takes what is posted under any host name and from any origin', async () => {
    const { received, post } = await openHooks();
    for (const headers of [
      {},
      { host: 'elsewhere.test' },
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await post('/hooks/known', { headers: { 'x-mark': 'a', ...headers }, body: 'raw\r\nbody' });
      expect(answer.status).toBe(202);
      expect(answer.body.toString()).toBe('Kept.\n');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    expect(received).toEqual(['a 9', 'a 9', 'a 9']);
  });

  it('is found below the path of the publication’s URL too', async () => {
    const { received, post } = await openHooks('http://localhost/paper');
    expect((await post('/paper/hooks/known', { body: '{}' })).status).toBe(202);
    expect((await post('/hooks/known', { body: '{}' })).status).toBe(202);
    expect(received).toHaveLength(2);
  });

  it('answers nothing but POST, known providers and sane sizes', async () => {
    const { received, post } = await openHooks();
    const get = await post('/hooks/known', { method: 'GET' });
    expect(get.status).toBe(405);
    expect(get.headers.allow).toBe('POST');
    expect((await post('/hooks/other', { body: '{}' })).status).toBe(404);
    expect((await post('/hooks/down', { body: '{}' })).status).toBe(503);
    expect((await post('/hooks/known', { body: Buffer.alloc(600 * 1024) })).status).toBe(413);
    expect(received).toEqual([]);
  });
});
