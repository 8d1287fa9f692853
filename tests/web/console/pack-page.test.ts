import { describe, expect, it } from 'vitest';
import { openConsole } from '../../support/console.ts';

describe('packPage', () => {
  it('compresses pages for those who take that, but none that holds a secret', async () => {
    const { get } = await openConsole();
    const codingOf = async (path: string, accepted: string): Promise<unknown> => {
      const { status, headers } = await get(path, { 'accept-encoding': accepted });
      expect(status, path).toBe(200);
      return headers['content-encoding'] ?? null;
    };
    expect(await codingOf('/editions', 'gzip, br')).toBe('gzip');
    expect(await codingOf('/editions', 'identity')).toBeNull();
    expect(await codingOf('/account/authenticator', 'gzip')).toBeNull();
    expect(await codingOf('/send', 'gzip')).toBeNull();
  });
});
