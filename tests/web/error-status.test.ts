import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { logFailed } from '../../src/web/error-status.ts';

describe('logFailed', () => {
  it.each([
    ['info', 404, new AppError('not_found', 'There is no edition of this number.')],
    ['info', 409, new AppError('conflict', 'It is being sent already.')],
    ['error', 503, new AppError('unavailable', 'The disk is full.')],
    ['error', 500, new Error('fetch failed')],
  ])('says by %s that an answer was %i', (level, status, fault) => {
    const said: unknown[] = [];
    const note = (as: string) => (event: string, fields?: object) => void said.push({ as, event, ...fields });
    logFailed({ ...silentLog, info: note('info'), error: note('error') }, '/console', fault);
    expect(said).toEqual([{ as: level, event: 'request', status, area: '/console', error: fault.message }]);
  });
});
