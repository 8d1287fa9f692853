import { isAbsolute } from 'node:path';
import { AppError } from '../../errors.ts';
import { isLoopback } from './loopback.ts';
import type { Relay } from './relay.ts';
import { hostOf } from './url-host.ts';

const form = 'smtps://user:password@host:465 or smtp://host:587';

/**
 * The relay that `SILKPOST_SMTP_URL` names. `smtps:` is implicit TLS; `smtp:` requires STARTTLS unless the host is
 * loopback. `?tls=none` and `?tls=require` override that, `?ca=FILE` names a certificate authority's PEM file.
 *
 * @throws AppError `invalid` with a sentence that never repeats the URL, since it may hold a password.
 */
export function parseRelayUrl(text: string): Relay {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const host = url === null ? '' : hostOf(url);
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || host === '') {
    throw invalid(`must look like ${form}.`);
  }
  if (url.pathname !== '' && url.pathname !== '/')
    throw invalid(`has a path after the host; it must look like ${form}.`);
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'tls' && key !== 'ca');
  if (unknown !== undefined) throw invalid(`has an option ${unknown}; only tls and ca are known.`);
  const wanted = url.searchParams.get('tls');
  if (wanted !== null && wanted !== 'none' && wanted !== 'require') {
    throw invalid('has a value of tls that is neither none nor require.');
  }
  const caFile = url.searchParams.get('ca');
  if (caFile !== null && !isAbsolute(caFile)) throw invalid('must name the file after ca= with its whole path.');

  const loopback = isLoopback(host);
  const implicit = url.protocol === 'smtps:';
  if (implicit && wanted === 'none') throw invalid('asks for smtps and for tls=none at once.');
  const tls = implicit
    ? 'implicit'
    : wanted === 'none'
      ? 'none'
      : wanted === 'require' || !loopback
        ? 'starttls'
        : 'opportunistic';
  const user = decoded(url.username, 'user name');
  const password = decoded(url.password, 'password');
  if ((user === null) !== (password === null)) throw invalid('needs both a user name and a password, or neither.');
  if (user !== null && tls === 'none' && !loopback) {
    throw invalid('has a password and tls=none, but a password is never sent in clear off this machine.');
  }
  const port = url.port === '' ? (implicit ? 465 : 587) : Number(url.port);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { host, port, tls, user, password, caFile, loopback, name: `${url.protocol}//${shownHost}:${port}` };
}

function decoded(part: string, what: string): string | null {
  if (part === '') return null;
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new AppError('invalid', `SILKPOST_SMTP_URL has a % in its ${what} that is not %25 or another escape.`, {
      cause: error,
    });
  }
}

function invalid(what: string): AppError {
  return new AppError('invalid', `SILKPOST_SMTP_URL ${what}`);
}
