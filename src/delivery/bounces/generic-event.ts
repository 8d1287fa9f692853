import { z } from 'zod';
import type { Arrival, ReportedRecipient } from './arrival.ts';
import { findTokens } from './mail-token.ts';

const line = z.string().max(1000);

/** What is posted to `/hooks/generic`; docs/bounces.md tells it to those who write it. */
const genericEvent = z.object({
  type: z.enum(['bounce', 'delayed', 'delivered', 'complaint', 'leave']),
  /** The return path, the Message-ID, the leaving address: whichever of them is at hand. */
  token: line.optional(),
  messageId: line.optional(),
  /** The id that the relay gave the message in its 250. */
  relayId: line.optional(),
  address: line.optional(),
  status: z
    .string()
    .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
    .optional(),
  text: line.optional(),
});

/** The event of a body whose signature is known to be good. Never throws. */
export function readGenericEvent(body: string): Arrival {
  const parsed = genericEvent.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      kind: 'unreadable',
      reason: `Its ${issue?.path.join('.') || 'body'} isn’t as documented: ${issue?.message}.`,
    };
  }
  const { type, token = '', messageId = '', relayId = null, address = null, status = null, text = '' } = parsed.data;
  const trace = { tokens: findTokens(`${token} ${messageId}`), relayId };
  const addresses = address === null ? [] : [address];
  const recipient = (action: ReportedRecipient['action']): ReportedRecipient[] => [
    { address, originalAddress: null, action, status, said: text },
  ];
  switch (type) {
    case 'bounce':
      return { kind: 'bounce', recipients: recipient('failed'), trace };
    case 'delivered':
      return { kind: 'delivered', recipients: recipient('delivered'), trace };
    case 'complaint':
      return { kind: 'complaint', addresses, trace };
    case 'leave':
    case 'delayed':
      return type === 'leave' ? { kind: 'leave', addresses, trace } : { kind: 'delayed' };
    default:
      return type satisfies never;
  }
}

/** The value of a text from the network; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
