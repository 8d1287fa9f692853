// A newsletter as most programs send it: nodemailer's pool and one sendMail for each reader. No ledger.
// node bench/peers/nodemailer.ts PORT READERS HTML TEXT
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';

const [port = '', readers = '', htmlFile = '', textFile = ''] = process.argv.slice(2);
const [html, text] = [readFileSync(htmlFile, 'utf8'), readFileSync(textFile, 'utf8')];
const connections = 10;
const pool = createTransport({
  host: '127.0.0.1',
  port: Number(port),
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
});
let next = 0;
async function sendSome(): Promise<void> {
  while (next < Number(readers)) {
    const number = next;
    next += 1;
    const link = `http://localhost:8080/unsubscribe/token${number}`;
    await pool.sendMail({
      from: 'News <news@example.com>',
      to: `reader${number}@example.com`,
      subject: 'The week',
      html: html.replaceAll('UNSUBSCRIBE', link),
      text: text.replaceAll('UNSUBSCRIBE', link),
      headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    });
  }
}
await Promise.all(Array.from({ length: connections }, sendSome));
pool.close();
