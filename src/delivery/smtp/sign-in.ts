import { AppError } from '../../errors.ts';
import type { Relay } from '../relay/relay.ts';
import type { SmtpChannel } from './channel.ts';
import type { Extensions } from './extensions.ts';
import type { ServerReply } from './reply-parser.ts';

/**
 * AUTH PLAIN (RFC 4616), else LOGIN, where the relay's settings have a password; never in clear to another machine.
 *
 * @throws AppError `unavailable` where that doesn't work.
 */
export async function signIn(
  channel: SmtpChannel,
  relay: Relay,
  { auth }: Extensions,
  isEncrypted: boolean,
): Promise<void> {
  const { user, password } = relay;
  if (user === null || password === null) return;
  if (!isEncrypted && !relay.loopback) throw new AppError('unavailable', 'The connection is not encrypted.');
  let reply: ServerReply;
  if (auth.includes('PLAIN')) {
    reply = await channel.ask('auth', `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`);
  } else if (auth.includes('LOGIN')) {
    reply = await channel.ask('auth', 'AUTH LOGIN');
    if (reply.code === 334) reply = await channel.ask('auth', base64(user));
    if (reply.code === 334) reply = await channel.ask('auth', base64(password));
  } else {
    const offer = auth.length > 0 ? `only ${auth.join(', ')}` : 'no way';
    throw new AppError('unavailable', `It offers ${offer} to sign in; Silkpost knows PLAIN and LOGIN.`);
  }
  if (reply.code !== 235) throw new AppError('unavailable', `Invalid login: ${reply.text}`);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
