import { isAbsolute } from 'node:path';
import { AppError } from '../../errors.ts';
import { isLoopback } from '../relay/loopback.ts';
import { hostOf } from '../relay/url-host.ts';

/** The server of the bounce mailbox, with its secret. */
export interface MailboxServer {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte; `starttls`: demanded; `none`: only on this machine. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string;
  readonly password: string;
  /** Absolute path of a certificate authority's PEM file, or null. */
  readonly caFile: string | null;
  /** For people and logs; never holds a secret. */
  readonly name: string;
}

/** The mailbox that reports arrive in, and what is done with them. */
export interface MailboxOptions {
  readonly server: MailboxServer;
  /** Where they arrive, default `INBOX`. */
  readonly folder: string;
  /** Where a report is moved once it is in the database, default `Silkpost`; made where it is missing. */
  readonly handled: string;
  /** Between two looks, default a minute; a server with IDLE tells at once. */
  readonly pollMs: number;
}

const form = 'imaps://user:password@host:993 or imap://user:password@host:143';

/**
 * The server that `SILKPOST_IMAP_URL` names. `imaps:` is implicit TLS; `imap:` requires STARTTLS unless the host is
 * loopback. `?ca=FILE` names a certificate authority's PEM file.
 *
 * @throws AppError `invalid` with a sentence that never repeats the URL, since it holds a password.
 */
export function parseMailboxUrl(text: string): MailboxServer {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const host = url === null ? '' : hostOf(url);
  if (url === null || (url.protocol !== 'imap:' && url.protocol !== 'imaps:') || host === '') {
    throw invalid(`must look like ${form}.`);
  }
  if (url.pathname !== '' && url.pathname !== '/') {
    throw invalid('has a path after the host; the folder is named by bounces.imap.folder.');
  }
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'ca');
  if (unknown !== undefined) throw invalid(`has an option ${unknown}; only ca is known.`);
  const caFile = url.searchParams.get('ca');
  if (caFile !== null && !isAbsolute(caFile)) throw invalid('must name the file after ca= with its whole path.');
  const implicit = url.protocol === 'imaps:';
  const port = url.port === '' ? (implicit ? 993 : 143) : Number(url.port);
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === '' || password === '') throw invalid('needs a user name and a password.');
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port,
    // A name that a resolver may know elsewhere is no promise that the password stays here.
    tls: implicit ? 'implicit' : isLoopback(host) && !host.endsWith('.localhost') ? 'none' : 'starttls',
    user,
    password,
    caFile,
    name: `${url.protocol}//${shownHost}:${port}`,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new AppError('invalid', 'SILKPOST_IMAP_URL has a % in its user name or password that is not %25.', {
      cause: error,
    });
  }
}

function invalid(what: string): AppError {
  return new AppError('invalid', `SILKPOST_IMAP_URL ${what}`);
}
