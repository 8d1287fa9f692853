import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AttemptResult, Relay } from '../../../src/delivery/index.ts';
import { createSmtpTransport, parseRelayUrl } from '../../../src/delivery/index.ts';

const certificate = fileURLToPath(new URL('../../fixtures/relay-tls/cert.pem', import.meta.url));
const key = fileURLToPath(new URL('../../fixtures/relay-tls/key.pem', import.meta.url));

interface Heard {
  /** Every line of each connection, contents' included. */
  readonly lines: string[];
  /** What came in at a time. */
  readonly chunks: string[];
  connections: number;
}

/** Answers to a line, as they are written; null: nothing. `start`: to the connection itself. */
type Script = (line: string, heard: Heard, connection: number) => string | null | 'TLS' | 'DROP';

/** A server of raw sockets that says what its script says, and nothing else. */
async function startServer(script: Script): Promise<{ url: string; heard: Heard }> {
  const heard: Heard = { lines: [], chunks: [], connections: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (plain) => {
    heard.connections += 1;
    const connection = heard.connections;
    const converse = (socket: Socket): void => {
      let rest = '';
      const say = (line: string): void => {
        const answer = script(line, heard, connection);
        if (answer === 'DROP') socket.destroy();
        else if (answer === 'TLS') {
          socket.write('220 go\r\n');
          socket.removeAllListeners('data');
          converse(new TLSSocket(socket, { isServer: true, key: readFileSync(key), cert: readFileSync(certificate) }));
        } else if (answer !== null) socket.write(answer);
      };
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        heard.chunks.push(chunk.toString());
        const lines = (rest + chunk.toString()).split('\r\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          heard.lines.push(line);
          say(line);
        }
      });
      if (socket === plain) say('start');
    };
    converse(plain);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, heard };
}

/** What a well-behaved server says, with these extensions. */
function usual(line: string, ...extensions: readonly string[]): string | null {
  if (line === 'start') return '220 raw ESMTP\r\n';
  if (line.startsWith('EHLO')) {
    const lines = ['raw', ...extensions];
    return lines.map((text, index) => `250${index < lines.length - 1 ? '-' : ' '}${text}\r\n`).join('');
  }
  if (/^(HELO|MAIL|RCPT|RSET)/.test(line)) return '250 ok\r\n';
  if (line === 'DATA') return '354 go\r\n';
  if (line === '.') return '250 queued\r\n';
  if (line === 'QUIT') return '221 bye\r\n';
  return null;
}

/** The next reader's address isn't there, so DATA makes no sense either. */
function nobody(line: string): string | undefined {
  if (line.startsWith('RCPT')) return '550 5.1.1 nobody\r\n';
  return line === 'DATA' ? '503 5.5.1 no recipient\r\n' : undefined;
}

/** Sends to these readers over one connection at a time; resolves with what became of each, in order. */
async function send(
  url: string,
  readers: readonly string[],
  options: {
    /** Instead of what the URL says. */
    readonly relay?: Relay;
    readonly pipelineNext?: boolean;
    readonly idleMs?: number;
    readonly timeouts?: { answerMs: number };
  } = {},
  {
    isWanted = async () => true,
    beforeNext = async (_left: number) => {},
    /** Of the first message alone. */
    content = Buffer.from('Hello\r\n'),
  } = {},
) {
  const transport = createSmtpTransport({
    relay: parseRelayUrl(url),
    connections: 1,
    messagesPerConnection: 100,
    drainMs: 1000,
    backOffMs: 1,
    ...options,
  });
  const results: AttemptResult[] = [];
  const waiting = readers.map((to, index) => ({
    deliveryId: index + 1,
    token: 'token',
    editionId: 'weekly-1',
    newsletter: 'weekly',
    kind: 'digest' as const,
    messageId: `<${index}@dispatch.example>`,
    envelope: { from: 'digest@dispatch.example', to },
    message: () => [Buffer.from(`Subject: ${index}\r\n\r\n`), index === 0 ? content : Buffer.from('Hello\r\n')],
  }));
  const source = {
    async next() {
      await beforeNext(waiting.length);
      return waiting.shift() ?? null;
    },
    isWanted,
    begin: async () => true,
    async settle(some: readonly AttemptResult[]) {
      results.push(...some);
    },
  };
  let trouble: unknown = null;
  await transport.run(source, new AbortController().signal).catch((error: unknown) => {
    trouble = error;
  });
  return { results, trouble: trouble instanceof Error ? trouble.message : null };
}

describe('createSmtpTransport', () => {
  it('sends MAIL, RCPT and DATA in one write where PIPELINING is announced', async () => {
    const { url, heard } = await startServer((line) => usual(line, 'PIPELINING', 'SIZE 1000'));
    const { results } = await send(url, ['a@example.com']);
    expect(results).toMatchObject([{ kind: 'sent', reply: '250 queued', phase: 'final_dot' }]);
    expect(heard.chunks).toContain(
      'MAIL FROM:<digest@dispatch.example> SIZE=21\r\nRCPT TO:<a@example.com>\r\nDATA\r\n',
    );
    expect(heard.chunks).toContain('Subject: 0\r\n\r\nHello\r\n.\r\n');
  });

  it('waits for each answer where it is not', async () => {
    const { url, heard } = await startServer((line) => usual(line));
    expect((await send(url, ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
    expect(heard.chunks).toContain('MAIL FROM:<digest@dispatch.example>\r\n');
    expect(heard.chunks).toContain('DATA\r\n');
  });

  it('sends the next envelope with the final dot where asked to', async () => {
    let dots = 0;
    const { url, heard } = await startServer((line) => {
      if (line === '.') {
        dots += 1;
        // The first final dot is answered only once the next message is announced.
        return dots === 1 ? null : '250 queued 2\r\n';
      }
      if (line.startsWith('MAIL') && dots === 1) return '250 queued 1\r\n250 ok\r\n';
      return usual(line, 'PIPELINING');
    });
    const { results } = await send(url, ['a@example.com', 'b@example.com'], { pipelineNext: true });
    expect(results).toMatchObject([
      { kind: 'sent', reply: '250 queued 1' },
      { kind: 'sent', reply: '250 queued 2' },
    ]);
    expect(heard.connections).toBe(1);
  });

  describe('with the next envelope along with the final dot', () => {
    /** Answers the first message's final dot so; what comes after it as `script` says, or as usual. */
    function startAfterDot(dot: string | null, script: (line: string) => string | null | 'DROP' | undefined) {
      let isAfter = false;
      return startServer((line) => {
        if (line === '.' && !isAfter) {
          isAfter = true;
          return dot;
        }
        const unusual = isAfter ? script(line) : undefined;
        return unusual === undefined ? usual(line, 'PIPELINING') : unusual;
      });
    }

    const ahead = { pipelineNext: true, timeouts: { answerMs: 300 } };

    it.each<[string, (line: string) => string | null | 'DROP' | undefined]>([
      ['and all that follows is taken', () => undefined],
      ['and the next recipient is refused', nobody],
      ['and the relay closes at the next MAIL', (line) => (line.startsWith('MAIL') ? 'DROP' : undefined)],
      ['and the relay closes at the next RCPT', (line) => (line.startsWith('RCPT') ? 'DROP' : undefined)],
      ['and the relay closes at the next DATA', (line) => (line === 'DATA' ? 'DROP' : undefined)],
      ['and nothing more is said', () => null],
      [
        'and the next MAIL is put off and nothing else',
        (line) => (line.startsWith('MAIL') ? '451 4.3.0 later\r\n' : null),
      ],
      ['and the next MAIL is refused with all else', () => '554 5.0.0 no\r\n'],
    ])('is in doubt about a message whose final dot’s answer is left out, %s', async (_, script) => {
      const { url, heard } = await startAfterDot(null, script);
      const { results, trouble } = await send(url, ['a@example.com', 'b@example.com'], ahead);
      expect(results).toMatchObject([
        { kind: 'in_doubt', phase: 'final_dot', attempt: { deliveryId: 1 } },
        { kind: 'returned', reached: false, attempt: { deliveryId: 2 } },
      ]);
      expect(trouble).toContain('answers no final dot');
      expect(heard.lines.filter((line) => line.startsWith('Subject'))).toEqual(['Subject: 0']);
    });

    it('keeps what may have been the answer in the words of the doubt', async () => {
      const { url } = await startAfterDot(null, () => undefined);
      const { results } = await send(url, ['a@example.com', 'b@example.com'], ahead);
      expect(results[0]).toMatchObject({
        reply:
          'Whether “250 ok” was the answer to the final dot isn’t known: The relay answers what makes no sense here: 354 go',
      });
    });

    it.each([
      ['250 queued 1', 'sent'],
      ['451 4.3.0 later', 'deferred'],
      ['554 5.6.0 no', 'failed'],
    ])('takes %s for the final dot’s answer once the next recipient is refused in step', async (reply, kind) => {
      const { url, heard } = await startAfterDot(`${reply}\r\n`, nobody);
      const { results } = await send(url, ['a@example.com', 'b@example.com'], ahead);
      expect(results).toMatchObject([
        { kind, reply },
        { kind: 'failed', reply: '550 5.1.1 nobody', phase: 'rcpt' },
      ]);
      expect(heard.connections).toBe(1);
    });

    it('is sure once the next recipient is taken, whatever comes of DATA', async () => {
      const { url } = await startAfterDot('250 queued 1\r\n', (line) => (line === 'DATA' ? 'DROP' : undefined));
      const { results } = await send(url, ['a@example.com', 'b@example.com'], ahead);
      expect(results[0]).toMatchObject({ kind: 'sent', reply: '250 queued 1' });
    });
  });

  it('asks once more before the envelope whether it is still to be sent, however long the connection took', async () => {
    let isPaused = false;
    const { url, heard } = await startServer((line) => {
      if (line.startsWith('EHLO')) isPaused = true;
      return usual(line, 'PIPELINING');
    });
    const { results } = await send(url, ['a@example.com'], {}, { isWanted: async () => !isPaused });
    expect(results).toMatchObject([{ kind: 'returned', reached: false }]);
    expect(heard.lines.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  it('says nothing more after a QUIT, answered or not', async () => {
    const hasQuit = Promise.withResolvers<void>();
    const { url, heard } = await startServer((line) => {
      if (line !== 'QUIT') return usual(line, 'PIPELINING');
      hasQuit.resolve();
      return null;
    });
    const beforeNext = (left: number) => (left === 1 ? hasQuit.promise : Promise.resolve());
    const { results } = await send(url, ['a@example.com', 'b@example.com'], { idleMs: 1 }, { beforeNext });
    expect(results).toMatchObject([{ kind: 'sent' }, { kind: 'sent' }]);
    expect(heard.connections).toBe(2);
  });

  it('falls back to HELO where EHLO is not known', async () => {
    const { url, heard } = await startServer((line) =>
      line.startsWith('EHLO') ? '500 5.5.1 what\r\n' : usual(line, 'PIPELINING'),
    );
    expect((await send(url, ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
    expect(heard.lines.some((line) => line.startsWith('HELO '))).toBe(true);
  });

  it('never takes the 250 of a lone dot for the delivery whose recipient was refused', async () => {
    const { url, heard } = await startServer((line) => {
      if (line === 'RCPT TO:<nobody@example.com>') return '550 5.1.1 nobody\r\n';
      return usual(line, 'PIPELINING');
    });
    const { results } = await send(url, ['nobody@example.com', 'b@example.com']);
    expect(results).toMatchObject([
      { kind: 'failed', reply: '550 5.1.1 nobody', phase: 'rcpt' },
      { kind: 'sent', reply: '250 queued' },
    ]);
    expect(heard.connections).toBe(1);
    const at = heard.lines.indexOf('RCPT TO:<nobody@example.com>');
    expect(heard.lines.slice(at, at + 4)).toEqual(['RCPT TO:<nobody@example.com>', 'DATA', '.', 'RSET']);
  });

  it('drops the connection on an answer that nobody asked for, and goes on over another', async () => {
    const { url, heard } = await startServer((line, _, connection) =>
      line === '.' && connection === 1 ? '250 queued\r\n250 and more\r\n' : usual(line, 'PIPELINING'),
    );
    const { results } = await send(url, ['a@example.com', 'b@example.com']);
    expect(results[0]).toMatchObject({ kind: 'sent' });
    expect(results.at(-1)).toMatchObject({ kind: 'sent', attempt: { deliveryId: 2 } });
    expect(heard.connections).toBe(2);
  });

  it.each([
    ['354 to RCPT', 'RCPT', '354 go\r\n', 'returned', 'rcpt'],
    ['250 to DATA', 'DATA', '250 ok\r\n', 'returned', 'data'],
    ['garbage to MAIL', 'MAIL', 'hello there\r\n', 'returned', 'mail'],
    ['354 to the final dot', '.', '354 more\r\n', 'in_doubt', 'final_dot'],
    ['garbage to the final dot', '.', '\x00\x01\r\n', 'in_doubt', 'final_dot'],
    ['two codes in one answer to the final dot', '.', '250-ok\r\n550 no\r\n', 'in_doubt', 'final_dot'],
  ])('drops the connection where the relay answers %s', async (_, command, answer, kind, phase) => {
    const { url } = await startServer((line) => (line.startsWith(command) ? answer : usual(line)));
    const { results, trouble } = await send(url, ['a@example.com']);
    expect(results).toMatchObject([{ kind, phase }]);
    expect(trouble).toContain(kind === 'in_doubt' ? 'answers no final dot' : 'ended the connection');
  });

  it('lets nothing follow where a long message is refused while it is being written', async () => {
    const { url, heard } = await startServer((line) =>
      line === 'Subject: 0' ? '552 5.3.4 too long\r\n' : usual(line),
    );
    const content = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(200_000));
    const { results } = await send(url, ['a@example.com', 'b@example.com'], {}, { content });
    expect(results).toMatchObject([{ kind: 'failed', phase: 'content' }, { kind: 'sent' }]);
    expect(heard.connections).toBe(2);
    expect(heard.lines.filter((line) => line === '.')).toHaveLength(1);
  });

  it('ends the connection after a 421, which is an answer', async () => {
    const { url, heard } = await startServer((line, _, connection) =>
      line === '.' && connection === 1 ? '421 4.3.2 going down\r\n' : usual(line, 'PIPELINING'),
    );
    const { results } = await send(url, ['a@example.com', 'b@example.com']);
    expect(results).toMatchObject([{ kind: 'deferred', reply: '421 4.3.2 going down' }, { kind: 'sent' }]);
    expect(heard.connections).toBe(2);
  });
});

describe('TLS', () => {
  const required = `?tls=require&ca=${certificate}`;

  it('forgets what was announced before it', async () => {
    const { url, heard } = await startServer((line, { lines }) => {
      if (line === 'STARTTLS') return 'TLS';
      const isSecond = lines.filter((one) => one.startsWith('EHLO')).length > 1;
      return isSecond ? usual(line) : usual(line, 'PIPELINING', 'SIZE', 'STARTTLS');
    });
    expect((await send(`${url}${required}`, ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
    expect(heard.chunks).toContain('MAIL FROM:<digest@dispatch.example>\r\n');
  });

  it.each([
    ['a whole answer', '220 go\r\n250 ok\r\n'],
    ['a part of one', '220 go\r\n25'],
  ])('refuses %s that was sent before the handshake', async (_, answer) => {
    const { url, heard } = await startServer((line) => (line === 'STARTTLS' ? answer : usual(line, 'STARTTLS')));
    const { results, trouble } = await send(`${url}${required}`, ['a@example.com']);
    expect(results).toMatchObject([{ kind: 'returned', phase: 'starttls', reached: false }]);
    expect(trouble).toMatch(/nobody asked for|before it was encrypted/);
    expect(heard.lines.at(-1)).toBe('STARTTLS');
  });

  it.each([
    ['is refused', (line: string) => (line === 'STARTTLS' ? '454 4.7.0 not now\r\n' : usual(line, 'STARTTLS'))],
    ['is not offered', (line: string) => usual(line)],
  ])('is never done without where it is required and %s', async (_, script) => {
    const { url, heard } = await startServer(script);
    const { results, trouble } = await send(`${url}${required}`, ['a@example.com']);
    expect(results).toMatchObject([{ kind: 'returned', reached: false }]);
    expect(trouble).toContain('STARTTLS');
    expect(heard.lines.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  it('is done without on loopback where it is offered and then refused', async () => {
    const { url } = await startServer((line) =>
      line === 'STARTTLS' ? '454 4.7.0 not now\r\n' : usual(line, 'STARTTLS'),
    );
    expect((await send(url, ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
  });
});

describe('AUTH', () => {
  const signedIn = (url: string): string => url.replace('smtp://', 'smtp://desk:hunter2@');

  it('says PLAIN in one line', async () => {
    const { url, heard } = await startServer((line) =>
      line.startsWith('AUTH') ? '235 welcome\r\n' : usual(line, 'AUTH LOGIN PLAIN'),
    );
    expect((await send(signedIn(url), ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
    expect(heard.lines).toContain(`AUTH PLAIN ${Buffer.from('\0desk\0hunter2').toString('base64')}`);
  });

  it('is never said in clear to another machine, whatever the settings say', async () => {
    const { url, heard } = await startServer((line) => usual(line, 'AUTH PLAIN'));
    const relay = { ...parseRelayUrl(signedIn(url)), loopback: false, tls: 'none' } as const;
    const { results, trouble } = await send(url, ['a@example.com'], { relay });
    expect(results).toMatchObject([{ kind: 'returned', phase: 'ehlo', reached: false }]);
    expect(trouble).toContain('The connection is not encrypted.');
    expect(heard.lines).toEqual([expect.stringMatching(/^EHLO/)]);
  });

  it('answers LOGIN’s questions where there is no PLAIN', async () => {
    const { url, heard } = await startServer((line) => {
      if (line === 'AUTH LOGIN') return '334 VXNlcm5hbWU6\r\n';
      if (line === Buffer.from('desk').toString('base64')) return '334 UGFzc3dvcmQ6\r\n';
      if (line === Buffer.from('hunter2').toString('base64')) return '235 welcome\r\n';
      return usual(line, 'AUTH LOGIN');
    });
    expect((await send(signedIn(url), ['a@example.com'])).results).toMatchObject([{ kind: 'sent' }]);
    expect(heard.lines).toContain('AUTH LOGIN');
  });

  it('says so where it knows no way that the relay offers', async () => {
    const { url } = await startServer((line) => usual(line, 'AUTH CRAM-MD5'));
    const { results, trouble } = await send(signedIn(url), ['a@example.com']);
    expect(trouble).toContain('only CRAM-MD5 to sign in');
    expect(results).toMatchObject([{ kind: 'returned' }]);
  });

  it('names the phase in which it was refused, and never the password', async () => {
    const { url } = await startServer((line) =>
      line.startsWith('AUTH') ? '535 5.7.8 hunter2 is wrong\r\n' : usual(line, 'AUTH PLAIN'),
    );
    const { results, trouble } = await send(signedIn(url), ['a@example.com']);
    expect(results).toMatchObject([{ kind: 'returned', phase: 'auth', reached: false }]);
    expect(trouble).toContain('Invalid login: 535 5.7.8 … is wrong');
  });

  it.each([
    ['PLAIN', (line: string) => (line.startsWith('AUTH') ? `500 5.5.1 What is ${line}?\r\n` : null)],
    [
      'LOGIN',
      (line: string) =>
        line === 'AUTH LOGIN' || line === Buffer.from('desk').toString('base64')
          ? '334 go on\r\n'
          : `535 no ${line}\r\n`,
    ],
    ['PLAIN', (line: string) => (line.startsWith('AUTH') ? `${line}\r\n` : null)],
  ])('tells nobody what was said by %s where the relay repeats it as it came', async (mechanism, answer) => {
    const { url } = await startServer((line, { lines }) =>
      lines.some((one) => one.startsWith('AUTH')) ? answer(line) : usual(line, `AUTH ${mechanism}`),
    );
    const { results, trouble } = await send(signedIn(url), ['a@example.com']);
    const told = JSON.stringify(results) + trouble;
    expect(told).toContain('…');
    for (const secret of ['hunter2', '\0desk\0hunter2']) {
      expect(told).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
    }
  });
});
