import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Clock, toInstant } from '../../clock.ts';
import type { BounceDesk } from './bounce-desk.ts';
import type { Hook } from './hooks.ts';
import { isInWindow } from './sns-message.ts';

export interface GenericHookOptions {
  readonly secret: string;
  readonly desk: Pick<BounceDesk, 'take'>;
  readonly clock: Clock;
}

/**
 * `/hooks/generic`: one event as JSON, with `Silkpost-Timestamp` (seconds since 1970) and `Silkpost-Signature: v1=HEX`, the
 * HMAC-SHA256 of timestamp, a full stop and the body: signed as the notices that Silkpost itself posts.
 */
export function createGenericHook({ secret, desk, clock }: GenericHookOptions): Hook {
  return async (headers, body) => {
    const timestamp = headers['silkpost-timestamp'] ?? '';
    if (!/^\d{1,12}$/.test(timestamp)) return { status: 400, text: 'Silkpost-Timestamp must be seconds since 1970.' };
    const mac = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
    const given = Buffer.from(/^v1=([0-9a-f]{64})$/.exec(headers['silkpost-signature'] ?? '')?.[1] ?? '', 'hex');
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) {
      return { status: 403, text: 'Silkpost-Signature is wrong.' };
    }
    if (!isInWindow(toInstant(Number(timestamp) * 1000), clock.now())) {
      return { status: 403, text: 'It was signed more than five minutes ago, or will be.' };
    }
    const key = createHash('sha256').update(`${timestamp}.`).update(body).digest('hex');
    const taken = await desk.take('generic', body, `generic:${key}`);
    return taken === 'added' ? { status: 200, text: 'Kept.' } : { status: 409, text: 'That was here before.' };
  };
}
