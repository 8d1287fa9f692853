import { createVerify, type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type Instant, toMs } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { parseJson } from './generic-event.ts';

const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().max(100),
  TopicArn: z.string().max(300),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.string().max(1000),
  SubscribeURL: z.string().max(2000).optional(),
  Token: z.string().max(1000).optional(),
});

/** A message that Amazon SNS posted. */
export type SnsMessage = z.infer<typeof snsMessage>;

/** Null for anything else. */
export function parseSnsMessage(body: string): SnsMessage | null {
  return snsMessage.safeParse(parseJson(body)).data ?? null;
}

/** How far two clocks may be apart, and how long a message may be on its way: what is caught is worth nothing later. */
const windowMs = 300_000;
/**
 * SNS brings a message again and again with the time at which it was published, over HTTP for an hour at most. What is brought twice is
 * known by its MessageId.
 */
export const snsRetriesMs = 3_600_000;

/** @param retriedMs For how long it is brought again, with the same time. */
export function isInWindow(at: Instant, now: Instant, retriedMs = 0): boolean {
  const ageMs = toMs(now) - toMs(at);
  return ageMs >= -windowMs && ageMs <= windowMs + retriedMs;
}

/**
 * Whether a URL is one of SNS itself in the topic's own region, and can't be told otherwise by anything in it.
 *
 * @param topicArn `arn:aws:sns:REGION:ACCOUNT:NAME`; of the partition `aws-cn` the host ends in `.cn`.
 */
export function isSnsUrl(text: string, topicArn: string): boolean {
  const [, partition = '', , region = ''] = topicArn.split(':');
  const host = `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  return text.startsWith(`https://${host}/`) && URL.canParse(text) && new URL(text).host === host;
}

/**
 * Whether a URL is where SNS keeps its certificates: an answer of its API on the same host may hold anybody's text.
 *
 * @param topicArn As for `isSnsUrl`.
 */
export function isCertificateUrl(text: string, topicArn: string): boolean {
  return isSnsUrl(text, topicArn) && /^https:\/\/[^/]+\/SimpleNotificationService-[0-9a-f]+\.pem$/.test(text);
}

/** Fields that are signed, in this order, each with its name on a line before it. */
const signed = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Readonly<Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]>>;

/** @throws AppError `unavailable` where the bytes are no certificate. */
export function certificateKey(certificate: Buffer): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch (error) {
    throw new AppError('unavailable', 'The certificate of SNS can’t be read.', { cause: error });
  }
}

export function isSignedBy(message: SnsMessage, key: KeyObject): boolean {
  const text = signed[message.Type].flatMap((name) => {
    const value = message[name];
    return value === undefined || value === null ? [] : [`${name}\n${value}\n`];
  });
  return createVerify(message.SignatureVersion === '1' ? 'sha1' : 'sha256')
    .update(text.join(''))
    .verify(key, message.Signature, 'base64');
}
