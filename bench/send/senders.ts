import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../find-program.ts';
import { measure } from '../measure.ts';
import type { SenderReport } from './sender-report.ts';

export interface Sender {
  readonly name: string;
  /** Messages in a round, as a share of the readers: slow ones send fewer, or a round takes minutes. */
  readonly share: number;
  /** Of the sink's answers, ms. Default 0. */
  readonly delayMs?: number;
  readonly send: (port: string, messages: number) => Promise<SenderReport>;
}

export const delayMs = 20;

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export function node(file: string, ...words: readonly string[]): Sender['send'] {
  return async (port, messages) => {
    const { output } = await measure([process.execPath, script(file), port, String(messages), ...words]);
    return JSON.parse(output) as SenderReport; // what our own script prints
  };
}

export function sendersOn(disk: string, memory: string | null): Sender[] {
  const pipeline = (...words: readonly string[]) => node('./pipeline.ts', ...words);
  const source = findProgram('smtp-source');
  const smtpSource: Sender['send'] = async (port, messages) => {
    const envelope = ['-f', 'news@example.com', '-t', 'reader@example.com'];
    const load = ['-d', '-s', '10', '-l', '56000', '-m', String(messages)];
    const { wallMs, cpuMs, peakMb } = await measure([source ?? '', ...load, ...envelope, `127.0.0.1:${port}`]);
    return { messages, wallMs, cpuMs, earlyMb: peakMb, peakMb };
  };
  return [
    ...(source === null ? [] : [{ name: names.source, share: 1, send: smtpSource }]),
    { name: names.client, share: 1, send: node('./client.ts', '10') },
    { name: names.disk, share: 1, send: pipeline('10', disk) },
    ...(memory === null ? [] : [{ name: names.tmpfs, share: 1, send: pipeline('10', join(memory, 'ledger')) }]),
    { name: names.fifty, share: 1, send: pipeline('50', disk) },
    { name: names.ahead, share: 1, send: pipeline('10', disk, 'ahead') },
    { name: names.raw, share: 0.1, send: node('../peers/nodemailer.ts', 'raw') },
    { name: names.naive, share: 0.05, send: node('../peers/nodemailer.ts') },
    { name: names.signed, share: 0.1, send: pipeline('10', disk, 'signed') },
    { name: names.naiveSigned, share: 0.05, send: node('../peers/nodemailer.ts', 'rsa') },
    ...(source === null ? [] : [{ name: names.farSource, share: 0.05, delayMs, send: smtpSource }]),
    { name: names.far, share: 0.1, delayMs, send: pipeline('10', disk) },
    { name: names.farNext, share: 0.1, delayMs, send: pipeline('10', disk, 'next') },
  ];
}

export const names = {
  source: 'Postfix’s `smtp-source -d`, the limit',
  client: 'client alone, no ledger',
  disk: 'whole pipeline, ledger on disk',
  tmpfs: 'whole pipeline, ledger on tmpfs',
  fifty: 'whole pipeline, 50 connections',
  ahead: 'whole pipeline, `ahead: 4`',
  raw: 'nodemailer, finished messages (`raw`), no ledger',
  naive: 'nodemailer, one `sendMail` a reader, no ledger',
  signed: 'whole pipeline, signed RSA-2048 and Ed25519',
  naiveSigned: 'nodemailer, `sendMail`, its RSA DKIM, no ledger',
  farSource: `\`smtp-source -d\`, answers after ${delayMs} ms`,
  far: `whole pipeline, answers after ${delayMs} ms`,
  farNext: `whole pipeline, \`pipelineNext\`, answers after ${delayMs} ms`,
} as const;
