import { describe, expect, it } from 'vitest';
import { parseMail } from '../../src/web/mail-parts.ts';
import { rawRequest } from '../support/http.ts';
import { serve, testWebApp } from '../support/web-app.ts';

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
  });

  it('takes any bytes for a message without parts', () => {
    expect(parseMail(Buffer.from([0xff, 0x00, 0x0d])).html).toBe('');
    expect(parseMail(Buffer.from('')).subject).toBe('');
  });
});

describe('/outbox', () => {
  const path = '/outbox/weekly-2023-04-07T0300Z/1-ana%40example.com.eml';
  const withMail = (options: Parameters<typeof testWebApp>[0] = {}) => {
    const app = testWebApp(options);
    app.mails.set('weekly-2023-04-07T0300Z/1-ana@example.com.eml', message);
    return app;
  };

  it('lists the mails by edition and shows each as a letter, as text and as it stands', async () => {
    const { url } = await serve(withMail());
    const list = await rawRequest(url, '/outbox');
    expect(list.body.toString()).toContain(`href="${path}"`);
    expect(list.headers['cache-control']).toBe('no-store');
    const letter = await rawRequest(url, path);
    expect(letter.body.toString()).toContain('<h1 dir="auto">تهران talks</h1>');
    expect(letter.body.toString()).toMatch(/<iframe class="mail wide" title="تهران talks" sandbox="[a-z -]+" src=/);
    expect((await rawRequest(url, `${path}?as=text`)).body.toString()).toContain('Café and more');
    expect((await rawRequest(url, `${path}?as=source`)).body.toString()).toContain('boundary=&quot;cut&quot;');
  });

  it('gives a mail’s HTML no script, no form and no origin of ours', async () => {
    const { url } = await serve(withMail());
    const answer = await rawRequest(url, `${path}/html`);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox(?!.*allow-(scripts|same-origin|forms))/);
    expect(policy).toContain("frame-ancestors 'self'");
  });

  it('knows no mail of another name', async () => {
    const { url } = await serve(withMail());
    for (const name of ['..%2f..%2fsilkpost.yaml', 'x.eml', '1-ana@example.com.json']) {
      expect((await rawRequest(url, `/outbox/weekly-2023-04-07T0300Z/${name}`)).status).toBe(404);
    }
  });

  it('is not there where a relay is configured', async () => {
    const { url } = await serve(withMail({ relay: true }));
    expect((await rawRequest(url, '/outbox')).status).toBe(404);
    expect((await rawRequest(url, path)).status).toBe(404);
    expect((await rawRequest(url, '/')).body.toString()).not.toContain('/outbox');
  });

  it('is not there where others can reach the server', async () => {
    const app = withMail({ hosts: ['127.0.0.1'] });
    const { port } = await serve(app, '0.0.0.0');
    const url = `http://127.0.0.1:${port}`;
    expect((await rawRequest(url, '/')).status).toBe(200);
    expect((await rawRequest(url, '/outbox')).status).toBe(404);
    expect((await rawRequest(url, path)).status).toBe(404);
  });
});
