// A newsletter as most programs send it: nodemailer's pool and one sendMail for each reader. No ledger.
// node bench/peers/nodemailer.ts PORT READERS [raw|rsa]; raw: finished bytes; rsa: signed by its own DKIM.
import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { composer, editionInMemory, renderBodies } from '../send/edition.ts';
import { oneOf } from '../send/memory-source.ts';
import { reportOn } from '../send/sender-report.ts';

const [port = '', readers = '', mode = ''] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const connections = 10;
const pool = createTransport({
  host: '127.0.0.1',
  port: Number(port),
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
  ...(mode === 'rsa'
    ? {
        dkim: {
          domainName: 'example.com',
          keySelector: 'rsa',
          privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        },
      }
    : {}),
});
const compose = composer(editionInMemory, false);
const { html, text } = renderBodies('UNSUBSCRIBE');
const count = Number(readers);
let [next, sent] = [0, 0];
async function sendOne(number: number): Promise<void> {
  if (mode === 'raw') {
    const { envelope, message } = await compose(oneOf(number));
    await pool.sendMail({ envelope, raw: Buffer.concat(await message()) });
    return;
  }
  const link = `https://news.example.com/unsubscribe/0123456789abcdef0123456789abcdef${number}`;
  await pool.sendMail({
    from: 'News <news@example.com>',
    to: `reader${number}@example.com`,
    subject: 'The week',
    html: html.replaceAll('UNSUBSCRIBE', link),
    text: text.replaceAll('UNSUBSCRIBE', link),
    headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  });
}
async function sendSome(): Promise<void> {
  while (next < count) {
    next += 1;
    await sendOne(next);
    sent += 1;
  }
}
await reportOn(
  count,
  async () => {
    await Promise.all(Array.from({ length: connections }, sendSome));
  },
  () => sent,
);
pool.close();
