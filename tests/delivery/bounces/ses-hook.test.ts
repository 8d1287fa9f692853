import { describe, expect, it } from 'vitest';
import { createSesHook } from '../../../src/delivery/index.ts';
import { AppError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/log.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { sesNotification, snsCertificate, snsMessage, topicArn } from '../../support/sns.ts';

const complaint = {
  notificationType: 'Complaint',
  complaint: { complainedRecipients: [{ emailAddress: 'a@example.com' }] },
};
const subscribeUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37';
const confirmation = { Type: 'SubscriptionConfirmation', Token: '2336412f37', SubscribeURL: subscribeUrl };

/** A hook whose certificate comes from where SNS keeps it, and what it kept and asked for. */
function openHook(now = '2026-11-27T03:00:10.000Z') {
  const kept: string[] = [];
  const asked: string[] = [];
  let isDown = false;
  const hook = createSesHook({
    topics: [topicArn],
    desk: {
      take: async (source, raw, key = '') => {
        if (kept.includes(`${source} ${key} ${raw.length}`)) return 'known';
        kept.push(`${source} ${key} ${raw.length}`);
        return 'added';
      },
    },
    client: {
      async get(url) {
        asked.push(url);
        if (isDown) throw new AppError('unavailable', 'down');
        return Buffer.from(snsCertificate);
      },
    },
    clock: fixedClock(now),
    log: silentLog,
  });
  const post = (body: string) => hook({}, Buffer.from(body));
  return {
    post,
    kept,
    asked,
    breakDown: () => {
      isDown = true;
    },
  };
}

describe('/hooks/ses', () => {
  it('keeps a notification whose signature is good, of either version, and asks for the certificate once', async () => {
    const { post, kept, asked } = openHook();
    expect(await post(sesNotification(complaint))).toMatchObject({ status: 200 });
    expect(await post(sesNotification(complaint, { SignatureVersion: '1', MessageId: 'second' }))).toMatchObject({
      status: 200,
    });
    expect(await post(sesNotification(complaint, { Subject: 'Amazon SES', MessageId: 'third' }))).toMatchObject({
      status: 200,
    });
    expect(kept.map((line) => line.split(' ')[1])).toEqual([
      'sns:22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      'sns:second',
      'sns:third',
    ]);
    expect(asked).toHaveLength(1);
  });

  it('lets a second time change nothing', async () => {
    const { post, kept } = openHook();
    expect(await post(sesNotification(complaint))).toMatchObject({ status: 200 });
    expect(await post(sesNotification(complaint))).toMatchObject({ status: 200 });
    expect(kept).toHaveLength(1);
  });

  it('takes what SNS brings again for an hour, with the time of the first try', async () => {
    const { post, kept } = openHook('2026-11-27T04:00:10.000Z');
    expect(await post(sesNotification(complaint))).toMatchObject({ status: 200 });
    expect(await post(sesNotification(complaint))).toMatchObject({ status: 200 });
    expect(kept).toHaveLength(1);
  });

  it('refuses what was changed, is of another topic, or of another time', async () => {
    const { post, kept, asked } = openHook();
    const changed = JSON.stringify({
      ...JSON.parse(sesNotification(complaint)),
      Message: '{"notificationType":"Bounce"}',
    });
    expect(await post(changed)).toMatchObject({ status: 403, text: 'Its signature is wrong.' });
    expect(await post(sesNotification(complaint, { Signature: 'AAAA' }))).toMatchObject({ status: 403 });
    asked.splice(0);
    for (const changes of [
      { TopicArn: topicArn.replace('bounces', 'others') },
      { TopicArn: topicArn.replace('123456789012', '210987654321') },
      { Timestamp: '2026-11-27T01:55:09.000Z' },
      { Timestamp: '2026-11-27T03:05:11.000Z' },
    ]) {
      expect(await post(sesNotification(complaint, changes)), JSON.stringify(changes)).toMatchObject({ status: 403 });
    }
    for (const body of ['', 'null', '{}', '[]', snsMessage({ SignatureVersion: '3' }), snsMessage({ Type: 'Other' })]) {
      expect(await post(body), body).toMatchObject({ status: 400 });
    }
    expect(kept).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('asks nobody but SNS in the topic’s region for a certificate', async () => {
    const { post, kept, asked } = openHook();
    for (const SigningCertURL of [
      'http://sns.eu-west-1.amazonaws.com/c.pem',
      'https://sns.us-east-1.amazonaws.com/c.pem',
      'https://sns.eu-west-1.amazonaws.com.example.com/c.pem',
      'https://sns.eu-west-1.amazonaws.com@127.0.0.1/c.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/c.pem',
      'https://127.0.0.1/c.pem',
      'https://sns.eu-west-1.amazonaws.com/?Action=GetEndpointAttributes',
      'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?Action=GetEndpointAttributes',
      'https://example.s3.amazonaws.com/c.pem',
      'https://sns.eu-west-1.amazonaws.com\\@example.com/c.pem',
      'file:///etc/passwd',
      '',
    ]) {
      expect(await post(sesNotification(complaint, { SigningCertURL })), SigningCertURL).toMatchObject({ status: 403 });
    }
    expect(kept).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('has it posted again while the certificate can’t be had', async () => {
    const { post, breakDown } = openHook();
    breakDown();
    await expect(post(sesNotification(complaint))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('confirms a subscription of its topic by asking SNS, and nobody else', async () => {
    const { post, asked, kept } = openHook();
    expect(await post(snsMessage(confirmation))).toEqual({ status: 200, text: 'Subscribed.' });
    expect(asked.at(-1)).toBe(subscribeUrl);
    asked.splice(0);
    const elsewhere = { ...confirmation, SubscribeURL: 'https://example.com/?Action=ConfirmSubscription' };
    expect(await post(snsMessage(elsewhere))).toMatchObject({ status: 403 });
    const forged = JSON.stringify({ ...JSON.parse(snsMessage(confirmation)), Token: 'other' });
    expect(await post(forged)).toMatchObject({ status: 403 });
    expect(await post(snsMessage({ ...confirmation, Type: 'UnsubscribeConfirmation' }))).toMatchObject({ status: 200 });
    expect(asked).toEqual([]);
    expect(kept).toEqual([]);
  });
});
