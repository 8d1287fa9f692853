import { connect, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { AppError, sentenceOf } from '../../errors.ts';
import { requireLoopback } from '../relay/loopback.ts';
import type { Relay } from '../relay/relay.ts';
import { RelayUnusable, type SmtpTimeouts, withoutSecrets } from '../relay/smtp-session.ts';
import { SmtpChannel } from './channel.ts';
import { type Extensions, noExtensions, parseExtensions } from './extensions.ts';
import type { ServerReply } from './reply-parser.ts';
import { signIn } from './sign-in.ts';

/** A connection on which mail may be sent, and what the server on it can do. */
export interface OpenChannel {
  readonly channel: SmtpChannel;
  readonly extensions: Extensions;
}

/**
 * Connects, says EHLO, encrypts and signs in as the relay's settings ask. Where TLS is asked for it is never done
 * without, and its certificate is verified; what was said before it counts for nothing afterwards (RFC 3207 §4.2).
 *
 * @throws RelayUnusable with the relay's own words; never with a password.
 */
export async function openChannel(
  relay: Relay,
  ca: Buffer | null,
  timeouts: Partial<SmtpTimeouts>,
  signal: AbortSignal,
): Promise<OpenChannel> {
  const tls: ConnectionOptions = {
    ...(ca ? { ca } : {}),
    host: relay.host,
    ...(isIP(relay.host) === 0 ? { servername: relay.host } : {}),
    // On loopback nobody stands in between, and its certificate is nobody's.
    rejectUnauthorized: relay.tls !== 'opportunistic',
  };
  const { host, port } = relay;
  const isImplicit = relay.tls === 'implicit';
  const socket = isImplicit ? connectTls({ ...tls, port }) : connect({ host, port, noDelay: true });
  socket.setNoDelay(true);
  const channel = new SmtpChannel(socket, timeouts);
  const abort = (): void => channel.end('stopped');
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    await becomes(channel, socket, isImplicit ? 'secureConnect' : 'connect');
    requireLoopback(relay, socket.remoteAddress);
    accept(await channel.ask('greeting', null), 'greets with');
    const extensions = await introduce(channel, relay, tls);
    await signIn(channel, relay, extensions, isImplicit || channel.socket !== socket);
    return { channel, extensions };
  } catch (error) {
    const { phase } = channel;
    const why = withoutSecrets(sentenceOf(error), relay);
    channel.end(why);
    throw new RelayUnusable(`The relay ${relay.name} can't be used: ${why}`, phase, error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** EHLO, and STARTTLS with another EHLO where that is asked for or can be had. */
async function introduce(channel: SmtpChannel, relay: Relay, tls: ConnectionOptions): Promise<Extensions> {
  const extensions = await sayHello(channel);
  const wantsTls = relay.tls === 'starttls' || (relay.tls === 'opportunistic' && extensions.startTls);
  if (!wantsTls) return extensions;
  if (!extensions.startTls) throw new AppError('unavailable', 'It offers no STARTTLS, and TLS is required.');
  const reply = await channel.ask('starttls', 'STARTTLS');
  if (reply.code !== 220) {
    if (relay.tls === 'opportunistic') return extensions;
    throw new AppError('unavailable', `STARTTLS was refused: ${reply.text}`);
  }
  channel.upgrade((plain) => connectTls({ ...tls, socket: plain }));
  channel.wait('starttls');
  await becomes(channel, channel.socket, 'secureConnect');
  return sayHello(channel);
}

/** EHLO, or HELO where the server knows no EHLO (RFC 5321 §3.2). */
async function sayHello(channel: SmtpChannel): Promise<Extensions> {
  const name = ownName(channel.socket);
  const reply = await channel.ask('ehlo', `EHLO ${name}`);
  if (reply.code === 250) return parseExtensions(reply.text);
  if (reply.code < 500) accept(reply, 'answers EHLO with');
  accept(await channel.ask('ehlo', `HELO ${name}`), 'answers HELO with');
  return noExtensions;
}

/** This machine's full name, else its address (RFC 5321 §4.1.3). */
function ownName(socket: Socket): string {
  const name = hostname();
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)) return name;
  const address = socket.localAddress ?? '127.0.0.1';
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}

function accept(reply: ServerReply, does: string): void {
  if (reply.code < 200 || reply.code > 299) throw new AppError('unavailable', `It ${does} ${reply.text}`);
}

/** Resolves at the socket's event; rejects where the channel ends before. */
function becomes(channel: SmtpChannel, socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new AppError('unavailable', why));
    channel.onEnd = refuse;
    if (channel.ended !== null) refuse(channel.ended);
    socket.once(event, () => {
      channel.onEnd = () => {};
      resolve();
    });
  });
}
