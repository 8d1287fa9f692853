import { z } from 'zod';
import type { Arrival, ArrivalTrace, ReportedRecipient } from './arrival.ts';
import { parseJson } from './generic-event.ts';
import { findTokens } from './mail-token.ts';

const recipient = z.object({
  emailAddress: z.string(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
});

/** What Amazon SES publishes to a topic: notifications say `notificationType`, events of a configuration set `eventType`. */
const sesEvent = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({ messageId: z.string() }),
  bounce: z
    .object({ bounceType: z.string(), bounceSubType: z.string(), bouncedRecipients: z.array(recipient).max(100) })
    .optional(),
  complaint: z
    .object({ complainedRecipients: z.array(recipient).max(100), complaintFeedbackType: z.string().nullish() })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()).max(100), smtpResponse: z.string().optional() }).optional(),
});

type SesBounce = NonNullable<z.infer<typeof sesEvent>['bounce']>;

/** What SES means where it gives no status of the other server. */
const statuses: Readonly<Record<string, string>> = {
  'Permanent/NoEmail': '5.1.1',
  'Permanent/Suppressed': '5.1.1',
  'Permanent/OnAccountSuppressionList': '5.1.1',
  'Transient/MailboxFull': '5.2.2',
  'Transient/MessageTooLarge': '5.3.4',
  'Transient/ContentRejected': '5.6.0',
  'Transient/AttachmentRejected': '5.6.0',
};

/** The event in an SNS notification whose signature is known to be good. Never throws. */
export function readSesEvent(notification: string): Arrival {
  const envelope = z.object({ Message: z.string() }).safeParse(parseJson(notification));
  const parsed = sesEvent.safeParse(parseJson(envelope.data?.Message ?? ''));
  if (!parsed.success) return { kind: 'unreadable', reason: 'It is a notification of SES in a form that isn’t known.' };
  const { notificationType, eventType, mail, bounce, complaint, delivery } = parsed.data;
  // Our headers are in it where “include original headers” is on.
  const trace: ArrivalTrace = { tokens: findTokens(envelope.data?.Message ?? ''), relayId: mail.messageId };
  switch (eventType ?? notificationType) {
    case 'Bounce':
      return bounce === undefined ? { kind: 'notice' } : bounceOf(bounce, trace);
    case 'Complaint':
      if (complaint?.complaintFeedbackType === 'not-spam') return { kind: 'not_spam' };
      return {
        kind: 'complaint',
        addresses: complaint?.complainedRecipients.map(({ emailAddress }) => emailAddress) ?? [],
        trace,
      };
    case 'Delivery':
      return {
        kind: 'delivered',
        recipients: (delivery?.recipients ?? []).map((address) => ({
          address,
          originalAddress: null,
          action: 'delivered',
          status: null,
          said: delivery?.smtpResponse ?? '',
        })),
        trace,
      };
    case 'DeliveryDelay':
      return { kind: 'delayed' };
    default:
      return { kind: 'notice' };
  }
}

function bounceOf({ bounceType, bounceSubType, bouncedRecipients }: SesBounce, trace: ArrivalTrace): Arrival {
  const key = `${bounceType}/${bounceSubType}`;
  const known = Object.hasOwn(statuses, key) ? statuses[key] : undefined;
  const recipients = bouncedRecipients.map(
    ({ emailAddress, status, diagnosticCode }): ReportedRecipient => ({
      address: emailAddress,
      originalAddress: null,
      action: 'failed',
      status: status ?? known ?? null,
      said: diagnosticCode?.replace(/^\w{1,20};\s*/, '') ?? '',
    }),
  );
  // SES takes answering machines for transient bounces: without another server's word nothing is known to have failed.
  const isTold = bounceType === 'Permanent' || recipients.some(({ status, said }) => status !== null || said !== '');
  return isTold ? { kind: 'bounce', recipients, trace } : { kind: 'notice' };
}
