import type { ReportedRecipient } from './arrival.ts';
import { parseReportFields, type ReportFields, typedAddress } from './report-fields.ts';

const actions: Readonly<Record<string, ReportedRecipient['action']>> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  // RFC 3464 §2.3.3: it went on, and this is the last that is heard.
  relayed: 'delivered',
  expanded: 'delivered',
};

/** The recipients of a `message/delivery-status` (RFC 3464) or `message/global-delivery-status` (RFC 6533); may be none. */
export function parseDeliveryStatus(text: string): ReportedRecipient[] {
  return parseReportFields(text).flatMap((fields) => {
    const recipient = recipientOf(fields);
    return recipient === null ? [] : [recipient];
  });
}

function recipientOf(fields: ReportFields): ReportedRecipient | null {
  const address = typedAddress(fields.get('final-recipient'));
  const originalAddress = typedAddress(fields.get('original-recipient'));
  const written = /^[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(fields.get('status') ?? '')?.[0] ?? null;
  const said = diagnosticText(fields.get('diagnostic-code'));
  const word = /^[a-z]+/i.exec(fields.get('action') ?? '')?.[0].toLowerCase() ?? '';
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  // The block about the message as a whole has none of these.
  if (address === null && originalAddress === null && action === undefined) return null;
  // 5.0.0 says nothing that the code of the other server doesn't say better.
  const told = enhancedCode(said);
  const status = written === null || (/^\d\.0\.0$/.test(written) && told !== null) ? told : written;
  return {
    address: address ?? originalAddress,
    originalAddress,
    action: action ?? (status?.startsWith('4') ? 'delayed' : status?.startsWith('2') ? 'delivered' : 'failed'),
    status,
    said,
  };
}

/**
 * The `x.y.z` (RFC 3463 §2) at the front of what a server said, `550 5.1.1 …`, `5.1.1 …`, `550 #5.1.0 …`. One further on is
 * quoted from another dialogue, as that of a callout to our own return path.
 */
export function enhancedCode(said: string): string | null {
  return /^(?:[245]\d\d[ -]\s*)?[#(]?([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(said)?.[1] ?? null;
}

/** `smtp; 550 5.1.1 No such user`: without the type, and without the codes that a multi-line answer repeats. */
function diagnosticText(value: string | undefined): string {
  if (value === undefined) return '';
  const text = value
    .replace(/^[\w-]{1,40};\s*/, '')
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .trim();
  const code = /^([45]\d\d)-/.exec(text)?.[1];
  return code === undefined ? text : `${code} ${text.slice(4).split(`${code}-`).join('')}`;
}
