import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const whole = `publication:
  title: { en: The Hill Courier, fa: پیک }
  url: http://localhost:8080
  timezone: Asia/Tbilisi
  languages: [en, fa]
  publisher: { name: Courier, address: "1 Lane, Tbilisi" }
countries: { armenia: { title: { en: Armenia } } }
newsletters:
  weekly:
    title: { en: Weekly }
    schedule: 0 7 * * FRI
    grace: 90m
mail:
  from: { name: Courier, address: digest@courier.example }
`;

async function publication(text: string): Promise<string> {
  const folder = (await temporaryFolder()).path;
  await mkdir(join(folder, 'content'), { recursive: true });
  await writeFile(join(folder, 'silkpost.yaml'), text);
  return folder;
}

async function refusal(text: string, environment: Record<string, string> = {}): Promise<string> {
  const dir = await publication(text);
  try {
    readConfig({ dir, environment });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
}

describe('readConfig', () => {
  it('fills in the defaults', async () => {
    const dir = await publication(whole);
    const config = readConfig({ dir, environment: {} });
    expect(config.feeds).toEqual({ items: 50, days: 3, maxAge: 900, hubs: [] });
    expect(config.web).toMatchObject({ port: 8080, host: '127.0.0.1', trustedProxies: [] });
    expect(config.mail).toMatchObject({
      transport: 'outbox',
      relay: null,
      connections: 10,
      ratePerSecond: 50,
      ahead: 0,
    });
    expect(config.paths.database).toBe(join(dir, 'var', 'silkpost.db'));
    expect(config.newsletters[0]).toMatchObject({
      name: 'weekly',
      timezone: 'Asia/Tbilisi',
      graceMs: 5_400_000,
      expiresMs: 172_800_000,
      select: { limit: 12, countries: [], topics: [] },
    });
  });

  it('gives up what relays put off after half a day where there is an edition on most days, unless told otherwise', async () => {
    const hoursWith = async (schedule: string, more = ''): Promise<number | undefined> => {
      const dir = await publication(whole.replace('0 7 * * FRI', `${schedule}${more}`));
      const [newsletter] = readConfig({ dir, environment: {} }).newsletters;
      return newsletter && newsletter.expiresMs / 3_600_000;
    };
    expect(await hoursWith('30 18 * * 1-5')).toBe(12);
    expect(await hoursWith('0 7 * * *')).toBe(12);
    expect(await hoursWith('0 7 * * MON,THU')).toBe(48);
    expect(await hoursWith('0 7 1 * *')).toBe(48);
    expect(await hoursWith('0 7 * * *', '\n    expires: 30h')).toBe(30);
  });

  it('reads the keys that sign, with paths from the publication’s folder', async () => {
    const entry = '  dkim: [{ domain: courier.example, selector: s1, keyFile: var/keys/s1.pem, omit: [Date] }]\n';
    const dir = await publication(whole + entry);
    expect(readConfig({ dir, environment: {} }).mail.dkim).toEqual([
      { domain: 'courier.example', selector: 's1', keyFile: join(dir, 'var/keys/s1.pem'), omit: ['Date'] },
    ]);
    expect(await refusal(whole + entry.replace('[Date]', '[From]'))).toContain('line 15: mail.dkim.0.omit.0');
  });

  it('reads where reports come back to, with the secrets from variables', async () => {
    const dir = await publication(`${whole}bounces: { domain: Bounces.Courier.example, imap: { poll: 5m } }\n`);
    expect(readConfig({ dir, environment: {} }).bounces).toEqual({
      domain: 'bounces.courier.example',
      imap: null,
      sesTopics: [],
      hookSecret: null,
    });
    const environment = {
      SILKPOST_IMAP_URL: 'imaps://bounces:secret@mail.example',
      SILKPOST_HOOK_SECRET: 'a secret of thirty-two characters',
    };
    expect(readConfig({ dir, environment }).bounces).toMatchObject({
      imap: { server: { host: 'mail.example' }, folder: 'INBOX', handled: 'Silkpost', pollMs: 300_000 },
      hookSecret: 'a secret of thirty-two characters',
    });
    expect(await refusal(whole, { SILKPOST_HOOK_SECRET: 'too short' })).toMatch(/at least 32 characters/);
    expect(await refusal(`${whole}bounces: { domain: a@courier.example }\n`)).toMatch(
      /bounces\.domain must be a domain/,
    );
    expect(await refusal(`${whole}bounces: { ses: { topics: [bounces] } }\n`)).toMatch(/must be the ARN of a topic/);
  });

  it('names the line of an unknown key and the nearest known one', async () => {
    expect(await refusal(whole.replace('timezone:', 'timezon:'))).toBe(
      'silkpost.yaml, line 4: unknown key publication.timezon. Did you mean timezone?',
    );
    expect(await refusal(whole.replace('grace:', 'grase:'))).toBe(
      'silkpost.yaml, line 12: unknown key newsletters.weekly.grase. Did you mean grace?',
    );
  });

  it('names the line and key of a wrong value', async () => {
    expect(await refusal(whole.replace('Asia/Tbilisi', 'Asia/Nowhere'))).toMatch(
      /^silkpost\.yaml, line 4: publication\.timezone is not an IANA time zone/,
    );
    expect(await refusal(whole.replace('90m', '90 minutes'))).toMatch(
      /line 12: newsletters\.weekly\.grace must be a dur/,
    );
    expect(await refusal(whole.replace('0 7 * * FRI', '0 7 * * FRI *'))).toMatch(/^silkpost\.yaml, line 11: /);
    for (const items of ['0', '1001', '1.5', 'many']) {
      const message = await refusal(`${whole}feeds: { items: ${items} }\n`);
      expect(message).toMatch(/feeds\.items must be a whole number from 1 to 1000/);
    }
  });

  it('refuses a wait that is longer than a timer can be', async () => {
    expect(await refusal(`${whole}  drain: 25d\n`)).toMatch(/mail\.drain.*must be at most 1d/);
    expect(await refusal(`${whole}bounces: { imap: { poll: 25d } }\n`)).toMatch(
      /bounces\.imap\.poll.*must be at most 1d/,
    );
    expect(await refusal(`${whole}  drain: 1d\n`)).toBe('accepted');
  });

  it('keeps addresses elsewhere to the letter, and takes a hub that is named twice once', async () => {
    const hub = 'https://hub.example/hub/?mode=publish';
    const more = `authors: { ana: { name: Ana, url: https://ana.example/ } }\nfeeds: { hubs: [${hub}, ${hub}] }\n`;
    const dir = await publication(whole + more);
    const config = readConfig({ dir, environment: {} });
    expect(config.feeds.hubs).toEqual([hub]);
    expect(config.site.authors['ana']?.url).toBe('https://ana.example/');
  });

  it('names what is missing', async () => {
    expect(await refusal(whole.replace(/ {2}publisher.*\n/, ''))).toMatch(/publication\.publisher is missing/);
    expect(await refusal(whole.replace(/mail:[\s\S]*/, ''))).toMatch(/mail\.from is missing/);
  });

  it('says where broken YAML is', async () => {
    expect(await refusal(`${whole}feeds: { items: [`)).toMatch(/^silkpost\.yaml, line 1[56]: is not valid YAML/);
  });

  it('refuses a selection of a country that is not configured', async () => {
    const text = whole.replace('    grace', '    select: { countries: [armenja] }\n    grace');
    expect(await refusal(text)).toBe(
      'silkpost.yaml, line 12: the newsletter weekly selects armenja, which is not among countries. Did you mean armenia?',
    );
  });

  it('lets the environment win, also by file', async () => {
    const dir = await publication(whole);
    const file = join(dir, 'secret-url');
    await writeFile(file, 'smtp://127.0.0.1:2525\n');
    const config = readConfig({
      dir,
      environment: { SILKPOST_URL: 'https://news.example/', SILKPOST_SMTP_URL_FILE: file, SILKPOST_DATA: 'state' },
    });
    expect(config.site.url).toBe('https://news.example');
    expect(config.mail.transport).toBe('smtp');
    expect(config.mail.relay).toMatchObject({ host: '127.0.0.1', port: 2525, loopback: true });
    expect(config.paths.data).toBe(join(dir, 'state'));
  });

  it('lets the port of a localhost URL follow a changed port', async () => {
    const dir = await publication(whole);
    expect(readConfig({ dir, environment: { SILKPOST_PORT: '9000' } }).site.url).toBe('http://localhost:9000');
  });

  it('refuses languages that nobody knows how to write, and one that is named twice', async () => {
    const withLanguages = (list: string): string => whole.replace('[en, fa]', list);
    for (const wrong of ['en_GB', 'en-ab-cd-ef', 'xx-12', 'EN']) {
      expect(await refusal(withLanguages(`[${wrong}]`))).toMatch(
        /line 5: publication\.languages\.0 is not a language tag/,
      );
    }
    for (const twice of ['[en, fa, en]', '[zh-Hant, zh-hant]']) {
      expect(await refusal(withLanguages(twice))).toMatch(
        /line 5: publication\.languages must not name a language twice/,
      );
    }
    expect(await refusal(withLanguages('[az, az-Arab, zh-Hant, es-419]'))).toBe('accepted');
  });

  it('takes as its address only what paths can be put behind', async () => {
    for (const wrong of [
      'https://a:secret@courier.example',
      'https://courier.example/?a=1',
      'https://courier.example/#a',
    ]) {
      expect(await refusal(whole.replace('http://localhost:8080', wrong))).toMatch(/line 3: publication\.url must be/);
      expect(await refusal(whole, { SILKPOST_URL: wrong })).toMatch(/^SILKPOST_URL must be an http\(s\) URL/);
    }
    const dir = await publication(whole);
    expect(readConfig({ dir, environment: { SILKPOST_URL: 'https://courier.example/news//' } }).site.url).toBe(
      'https://courier.example/news',
    );
  });

  it('refuses a variable given twice, a port that is none, a relay that is missing', async () => {
    expect(await refusal(whole, { SILKPOST_URL: 'https://a.example', SILKPOST_URL_FILE: 'x' })).toMatch(
      /Both SILKPOST_URL/,
    );
    expect(await refusal(whole, { SILKPOST_PORT: 'eighty' })).toMatch(/^SILKPOST_PORT must be a number/);
    expect(await refusal(whole.replace('mail:\n', 'mail:\n  transport: smtp\n'))).toMatch(
      /line 14: mail\.transport is smtp, so the relay's address is needed/,
    );
  });

  it('reads who is told, and demands the secret that signs for a webhook', async () => {
    const told = `${whole}operators: { notify: [desk@courier.test], webhook: { url: "https://chat.example/in?key=1" } }\n`;
    const dir = await publication(told);
    const secret = 'sixteen letters!';
    expect(readConfig({ dir, environment: { SILKPOST_NOTIFY_SECRET: secret } }).operators).toEqual({
      notify: ['desk@courier.test'],
      webhook: { url: 'https://chat.example/in?key=1', secret },
    });
    expect(await refusal(told)).toMatch(/line 15: operators\.webhook is signed: it needs a secret/);
    expect(await refusal(told, { SILKPOST_NOTIFY_SECRET: 'short' })).toMatch(/at least 16 characters/);
    expect(readConfig({ dir, outbox: true, environment: {} }).operators.webhook).toBeNull();
  });

  it('keeps a relay’s password out of its name', async () => {
    const dir = await publication(whole);
    const config = readConfig({ dir, environment: { SILKPOST_SMTP_URL: 'smtps://user:s3cret@relay.example' } });
    expect(JSON.stringify([config.mail.relay?.name])).not.toMatch(/s3cret|user/);
  });
});
