import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt } from '../../src/delivery/index.ts';

/** For an address that no file may be called. */
export const outboxAttempt: Attempt = {
  deliveryId: 12,
  token: '0123456789abcdef',
  editionId: 'weekly-1',
  newsletter: 'weekly',
  kind: 'digest',
  messageId: '<1@dispatch.example>',
  envelope: { from: 'digest@dispatch.example', to: 'a/b+c@example.com' },
  message: () => [Buffer.from('Subject: Hello\r\n\r\nHello\r\n')],
};

/** A mail as it was written to a folder of the outbox. */
export interface OutboxMail {
  /** Absolute path. */
  readonly file: string;
  readonly raw: Buffer;
  readonly envelopeFrom: string;
  /** The header's fields in their order, unfolded. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export async function mailsIn(folder: string): Promise<OutboxMail[]> {
  const names = await readdir(folder);
  return Promise.all(names.filter((name) => name.endsWith('.eml')).map((name) => readMail(join(folder, name))));
}

/** The value of the first field with this name, empty where there is none. */
export function fieldOf({ fields }: OutboxMail, name: string): string {
  return fields.find(([own]) => own === name)?.[1] ?? '';
}

async function readMail(file: string): Promise<OutboxMail> {
  const raw = await readFile(file);
  const { from } = JSON.parse(await readFile(file.replace(/\.eml$/, '.json'), 'utf8'));
  const header = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  const fields = header.split(/\r\n(?![ \t])/).map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [
      field.slice(0, colon),
      field
        .slice(colon + 1)
        .replace(/\r\n[ \t]/g, ' ')
        .trim(),
    ];
  });
  return { file, raw, envelopeFrom: from, fields };
}
