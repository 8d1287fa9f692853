import { describe, expect, it } from 'vitest';
import { parseMail } from '../../src/web/mail-parts.ts';

const message = Buffer.from(
  [
    'From: The Caucasus Dispatch <digest@dispatch.example>',
    'To: ana@example.com',
    'Subject: =?UTF-8?Q?=D8=AA=D9=87=D8=B1=D8=A7?=',
    ' =?UTF-8?B?2YY=?= talks',
    'Content-Type: multipart/alternative; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Caf=C3=A9 and =',
    'more',
    '--cut',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('<html><head><title>t</title></head><body><script>alert(1)</script>تهران</body></html>').toString(
      'base64',
    ),
    '--cut--',
    '',
  ].join('\r\n'),
);

describe('parseMail', () => {
  it('takes subject, text and HTML apart', () => {
    const mail = parseMail(message);
    expect(mail.subject).toBe('تهران talks');
    expect(mail.to).toBe('ana@example.com');
    expect(mail.text.trim()).toBe('Café and more');
    expect(mail.html).toContain('تهران');
    expect(mail.source).toBe(message.toString());
    expect(mail.headers.slice(1, 3)).toEqual([
      ['To', 'ana@example.com'],
      ['Subject', 'تهران talks'],
    ]);
  });

  it('takes any bytes for a message without parts', () => {
    expect(parseMail(Buffer.from([0xff, 0x00, 0x0d])).html).toBe('');
    expect(parseMail(Buffer.from('')).subject).toBe('');
  });
});
