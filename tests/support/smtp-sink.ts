import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Relay } from '../../src/delivery/index.ts';

/** A point in the dialogue; `data` is the answer to DATA, `dot` the one to the final dot. */
export type Phase = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

export type Fault =
  /** Answers this line instead of the usual one; the connection stays. */
  | { readonly answer: string }
  /** Answers 421 and closes. */
  | { readonly close: string }
  /** Ends the connection without an answer. At `body`, as an answer there: after the first bytes. */
  | 'drop'
  /** Says nothing any more on this connection. */
  | 'silence'
  /** Says nothing here and goes on, as if it had answered as usual; whether it has taken what it was asked to take. */
  | { readonly omit: boolean }
  /** Answers as usual after so many milliseconds. */
  | { readonly afterMs: number };

export interface SinkMessage {
  readonly from: string;
  readonly to: string;
  /** Without the final dot, dots as they came. */
  readonly content: string;
  readonly messageId: string;
}

export interface SmtpSink {
  readonly relay: Relay;
  /** Those whose final dot was answered 250, in order. */
  readonly accepted: readonly SinkMessage[];
  /** Those that were read to their final dot, whatever was answered. */
  readonly received: readonly SinkMessage[];
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Most connections that were open at once. */
  readonly peak: number;
  close(): Promise<void>;
}

/** What is done at a phase: of the `n`th connection (from 1), for this recipient (empty before RCPT). */
export type Script = (at: { phase: Phase; connection: number; to: string; message: number }) => Fault | null;

export interface SinkOptions {
  readonly script?: Script;
  readonly pipelining?: boolean;
  /** Called before the final dot is answered; the answer waits for it. */
  readonly beforeAnswer?: (message: SinkMessage) => Promise<void> | void;
  /** Called before DATA is answered; the answer waits for it. */
  readonly beforeData?: (to: string) => Promise<void> | void;
  /** What ends it; default: when the running test ends. `beforeAll` needs its own. */
  readonly closeLater?: (close: () => Promise<void>) => void;
}

/** An SMTP server on loopback that does what a script says, so that every fault happens exactly where it should. */
export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const accepted: SinkMessage[] = [];
  const received: SinkMessage[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  let peak = 0;
  // Else the answers to pipelined commands wait for each other's acknowledgements.
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    open.add(socket);
    peak = Math.max(peak, open.size);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    converse(socket, connections, options, accepted, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sink = {
    accepted,
    received,
    get connections() {
      return connections;
    },
    get open() {
      return open.size;
    },
    get peak() {
      return peak;
    },
    relay: {
      host: '127.0.0.1',
      port,
      tls: 'none',
      user: null,
      password: null,
      caFile: null,
      loopback: true,
      name: `smtp://127.0.0.1:${port}`,
    },
    async close() {
      for (const socket of open) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  } as const;
  (options.closeLater ?? onTestFinished)(() => sink.close());
  return sink;
}

function converse(
  socket: Socket,
  connection: number,
  options: SinkOptions,
  accepted: SinkMessage[],
  received: SinkMessage[],
): void {
  let from = '';
  let to = '';
  let message = 1;
  let isBody = false;
  let hasFaulted = false;
  let isSilent = false;
  let parts: string[] = [];
  let carry = '';
  let buffered = '';
  let work = Promise.resolve();

  /** Answers unless the script has other plans; false: the connection is over, or nothing more is said. */
  async function answer(phase: Phase, usual: string): Promise<boolean> {
    const fault = options.script?.({ phase, connection, to, message }) ?? null;
    if (fault === 'drop') {
      socket.destroy();
      return false;
    }
    if (fault === 'silence') {
      isSilent = true;
      return false;
    }
    if (fault !== null && 'close' in fault) {
      socket.end(`${fault.close}\r\n`);
      return false;
    }
    if (fault !== null && 'omit' in fault) return fault.omit;
    if (fault !== null && 'afterMs' in fault) await new Promise((resolve) => setTimeout(resolve, fault.afterMs));
    const line = fault !== null && 'answer' in fault ? fault.answer : usual;
    socket.write(`${line}\r\n`);
    return line.startsWith('2') || line.startsWith('3');
  }

  async function command(line: string): Promise<void> {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') {
      await answer('ehlo', options.pipelining ? '250-sink\r\n250 PIPELINING' : '250 sink');
    } else if (verb === 'MAIL') {
      if (from !== '') socket.write('503 5.5.1 nested MAIL\r\n');
      else if (await answer('mail', '250 2.1.0 ok')) from = /<(.*)>/.exec(line)?.[1] ?? '';
    } else if (verb === 'RCPT') {
      to = /<(.*)>/.exec(line)?.[1] ?? '';
      if (from === '') {
        to = '';
        socket.write('503 5.5.1 no MAIL\r\n');
      } else if (!(await answer('rcpt', '250 2.1.5 ok'))) to = '';
    } else if (verb === 'DATA') {
      if (to === '') socket.write('503 5.5.1 no RCPT\r\n');
      else {
        await options.beforeData?.(to);
        isBody = await answer('data', '354 go on');
        hasFaulted = false;
      }
    } else if (verb === 'RSET') {
      from = '';
      to = '';
      socket.write('250 2.0.0 reset\r\n');
    } else if (verb === 'QUIT') {
      socket.end('221 2.0.0 bye\r\n');
    } else {
      socket.write('500 5.5.2 unknown\r\n');
    }
  }

  async function endOfMessage(content: string): Promise<void> {
    const messageId = /^Message-ID: (.*)\r$/im.exec(content)?.[1] ?? '';
    const whole = { from, to, content, messageId };
    received.push(whole);
    await options.beforeAnswer?.(whole);
    if (await answer('dot', `250 2.0.0 queued as ${received.length}`)) accepted.push(whole);
    from = '';
    to = '';
    message += 1;
  }

  async function read(): Promise<void> {
    for (;;) {
      if (socket.destroyed || isSilent) return;
      if (isBody) {
        if (buffered !== '' && !hasFaulted) {
          hasFaulted = true;
          const fault = options.script?.({ phase: 'body', connection, to, message }) ?? null;
          if (fault === 'drop') {
            socket.destroy();
            return;
          }
          if (fault !== null && typeof fault === 'object' && 'answer' in fault) socket.write(`${fault.answer}\r\n`);
        }
        // Large bodies come in many chunks: only the newest is searched.
        if (!(parts.length === 0 && buffered.startsWith('.\r\n')) && !(carry + buffered).includes('\r\n.\r\n')) {
          carry = (carry + buffered).slice(-4);
          parts.push(buffered);
          buffered = '';
          return;
        }
        const whole = parts.join('') + buffered;
        const end = whole.startsWith('.\r\n') ? 0 : whole.indexOf('\r\n.\r\n', whole.length - buffered.length - 4) + 2;
        const content = whole.slice(0, end);
        buffered = whole.slice(end + 3);
        parts = [];
        carry = '';
        isBody = false;
        await endOfMessage(content);
        continue;
      }
      const end = buffered.indexOf('\r\n');
      if (end < 0) return;
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      await command(line);
    }
  }

  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    work = work.then(read);
  });
  work = work.then(async () => {
    await answer('greeting', '220 sink');
  });
}
