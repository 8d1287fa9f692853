import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { OutboundClient } from '../../outbound-client.ts';
import { createRecentCache } from '../message/recent-cache.ts';
import type { BounceDesk } from './bounce-desk.ts';
import type { Hook, HookAnswer } from './hooks.ts';
import {
  certificateKey,
  isCertificateUrl,
  isInWindow,
  isSignedBy,
  isSnsUrl,
  parseSnsMessage,
  type SnsMessage,
  snsRetriesMs,
} from './sns-message.ts';

export interface SesHookOptions {
  /** ARNs of the topics that are listened to. */
  readonly topics: readonly string[];
  readonly desk: Pick<BounceDesk, 'take'>;
  readonly client: Pick<OutboundClient, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Amazon changes its certificate about once a year. */
const keptCertificates = 4;

/** `/hooks/ses`: what Amazon SES publishes to an SNS topic, and the question whether we want it. */
export function createSesHook({ topics, desk, client, clock, log }: SesHookOptions): Hook {
  const certificates = createRecentCache(keptCertificates, async (url: string) =>
    certificateKey(await client.get(url)),
  );

  async function subscribe({ SubscribeURL: url, TopicArn: topic }: SnsMessage): Promise<HookAnswer> {
    if (url === undefined || !isSnsUrl(url, topic)) return refuse('Its SubscribeURL isn’t of SNS.');
    await client.get(url);
    log.info('hook', { provider: 'ses', message: `The topic ${topic} is subscribed to.` });
    return { status: 200, text: 'Subscribed.' };
  }

  return async (_headers, body) => {
    const message = parseSnsMessage(body.toString());
    if (message === null) return { status: 400, text: 'That is no message of SNS.' };
    // What costs least first: nobody has a certificate fetched who can't name a topic of ours.
    if (!topics.includes(message.TopicArn)) return refuse('That topic isn’t one of bounces.ses.topics.');
    if (!isInWindow(message.Timestamp, clock.now(), snsRetriesMs))
      return refuse('It was published more than an hour ago, or will be.');
    if (!isCertificateUrl(message.SigningCertURL, message.TopicArn)) return refuse('Its certificate isn’t of SNS.');
    if (!isSignedBy(message, await certificates(message.SigningCertURL))) return refuse('Its signature is wrong.');
    switch (message.Type) {
      case 'Notification':
        // SNS brings a message again until it is told 200: a second time changes nothing.
        await desk.take('ses', body, `sns:${message.MessageId}`);
        return { status: 200, text: 'Kept.' };
      case 'SubscriptionConfirmation':
        return subscribe(message);
      case 'UnsubscribeConfirmation':
        log.warn('problem', {
          message: `SNS sends nothing more from ${message.TopicArn}: somebody unsubscribed this address.`,
        });
        return { status: 200, text: 'Noted.' };
      default:
        return message.Type satisfies never;
    }
  };
}

function refuse(text: string): HookAnswer {
  return { status: 403, text };
}
