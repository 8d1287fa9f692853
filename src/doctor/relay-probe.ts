import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Relay } from '../delivery/index.ts';

/** What a relay shows to whoever connects; nothing is sent and nobody signs in. */
export interface RelayProbe {
  /** Its first line and what it says to EHLO. */
  readonly greeting: string;
  /** In upper case: `STARTTLS`, `AUTH PLAIN LOGIN`, `PIPELINING`. */
  readonly offers: readonly string[];
  /** Null: in clear. */
  readonly tls: {
    readonly protocol: string;
    /** Why its certificate isn't trusted; null: it is. */
    readonly distrust: string | null;
    /** Of the certificate. */
    readonly expiresAt: Date | null;
  } | null;
}

/** @throws Error with what went wrong, in words. */
export async function probeRelay(relay: Relay, timeoutMs = 10_000): Promise<RelayProbe> {
  const ca = relay.caFile === null ? null : await readFile(relay.caFile);
  const { host, port } = relay;
  const overTls = (socket: Socket | null): TLSSocket => {
    // Looked at whoever signed it: that is what the finding is about, and no secret follows.
    const options = {
      rejectUnauthorized: false,
      ...(host.includes(':') ? {} : { servername: host }),
      ...(ca ? { ca } : {}),
    };
    return connectTls(socket ? { ...options, socket, host } : { ...options, host, port });
  };
  let socket: Socket = relay.tls === 'implicit' ? overTls(null) : connect({ host, port });
  const abandoned = Promise.withResolvers<never>();
  abandoned.promise.catch(() => {});
  const timer = setTimeout(() => abandoned.reject(new Error('no answer in time')), timeoutMs);
  const within = <Answer>(answer: Promise<Answer>): Promise<Answer> => Promise.race([answer, abandoned.promise]);
  try {
    if (relay.tls === 'implicit') await within(secured(socket));
    const greeting = await within(answerOf(socket, null));
    let offers = offersOf(await within(answerOf(socket, 'EHLO localhost')));
    if (offers.includes('STARTTLS') && (relay.tls === 'starttls' || relay.tls === 'opportunistic')) {
      await within(answerOf(socket, 'STARTTLS'));
      socket = overTls(socket);
      await within(secured(socket));
      offers = offersOf(await within(answerOf(socket, 'EHLO localhost')));
    }
    const tls = 'getPeerCertificate' in socket ? tlsOf(socket as TLSSocket) : null; // only that one has it
    socket.write('QUIT\r\n');
    return { greeting: greeting.join(' '), offers, tls };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function tlsOf(socket: TLSSocket): RelayProbe['tls'] {
  const until = Date.parse(socket.getPeerCertificate().valid_to ?? '');
  const { authorized, authorizationError } = socket;
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    distrust: authorized ? null : String(authorizationError ?? 'unknown'),
    expiresAt: Number.isNaN(until) ? null : new Date(until),
  };
}

function secured(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
}

/** The lines of the answer to a command, or of the greeting. */
function answerOf(socket: Socket, command: string | null): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (outcome: string[] | Error): void => {
      socket.off('data', read).off('error', finish).off('close', closed);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const closed = (): void => finish(new Error('the relay closed the connection'));
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const lines = text.split(/\r?\n/);
      const last = lines.slice(0, -1).findIndex((line) => /^\d{3}(?: |$)/.test(line));
      if (text.length > 65_536) finish(new Error('the relay talks without end'));
      if (last < 0) return;
      const answer = lines.slice(0, last + 1);
      finish(/^[23]/.test(answer[0] ?? '') ? answer : new Error(`the relay says: ${answer.join(' ')}`));
    };
    socket.on('data', read).on('error', finish).on('close', closed);
    if (command !== null) socket.write(`${command}\r\n`);
  });
}

function offersOf(answer: readonly string[]): string[] {
  return answer.slice(1).map((line) => line.slice(4).trim().toUpperCase());
}
