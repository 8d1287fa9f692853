import { connectionFault, type Relay } from '../delivery/index.ts';
import type { Finding } from '../operators/index.ts';
import { findingsOf } from './finding.ts';
import { probeRelay, type RelayProbe } from './relay-probe.ts';

const { ok, note, warning, fault } = findingsOf('relay');
const soonMs = 14 * 24 * 3600_000;

export interface RelayCheck {
  readonly findings: readonly Finding[];
  /** What the relay said, where it did. */
  readonly probe: RelayProbe | null;
}

/** Connects to the relay as sending would, short of signing in. */
export async function checkRelay(relay: Relay | null, siteUrl: string, now: Date): Promise<RelayCheck> {
  if (relay === null) {
    const fix = 'Name one in SILKPOST_SMTP_URL when mail is to leave this machine.';
    return { findings: [note('Mail goes to the outbox: no relay is named.', fix)], probe: null };
  }
  const findings: Finding[] = [];
  if (!relay.loopback && !siteUrl.startsWith('https:')) {
    const sentence = `publication.url is ${siteUrl}, so that links to leave would not be safe; editions are held.`;
    findings.push(fault(sentence, 'Give it an https address.'));
  }
  try {
    const probe = await probeRelay(relay);
    return { findings: [...findings, ...judge(relay, probe, now)], probe };
  } catch (error) {
    const sentence = `The relay ${relay.name} can’t be used: ${connectionFault(error)}.`;
    const fix =
      'Look at SILKPOST_SMTP_URL (smtps:// for port 465, smtp:// for 587), at the firewall, and whether the relay runs. ' +
      'Many hosts close port 25: use 587.';
    return { findings: [...findings, fault(sentence, fix)], probe: null };
  }
}

function judge(relay: Relay, { offers, tls }: RelayProbe, now: Date): Finding[] {
  const found: Finding[] = [];
  const { name } = relay;
  if (tls === null && relay.tls === 'starttls') {
    found.push(
      fault(`The relay ${name} offers no STARTTLS.`, 'Use its port for TLS (smtps://…:465), or another relay.'),
    );
  } else if (tls === null && !relay.loopback) {
    found.push(warning(`Mail goes to ${name} in clear.`, 'Leave ?tls=none out of SILKPOST_SMTP_URL.'));
  }
  if (tls !== null && tls.distrust !== null && relay.tls !== 'opportunistic') {
    const fix = 'Use the name that stands in its certificate, or give its authority with ?ca=FILE.';
    found.push(fault(`The certificate of ${name} isn’t trusted (${tls.distrust}).`, fix));
  }
  if (tls?.expiresAt && tls.expiresAt.getTime() - now.getTime() < soonMs) {
    const day = tls.expiresAt.toISOString().slice(0, 10);
    found.push(warning(`The certificate of ${name} ends on ${day}.`, 'Have it renewed by whoever runs the relay.'));
  }
  const auth = offers.find((offer) => offer.startsWith('AUTH'));
  if (relay.user !== null && !/\b(PLAIN|LOGIN)\b/.test(auth ?? '')) {
    const sentence = `The relay ${name} offers no way to sign in that Silkpost knows (${auth ?? 'no AUTH'}).`;
    found.push(
      fault(sentence, 'Ask its operator for AUTH PLAIN or LOGIN, or take the password out of SILKPOST_SMTP_URL.'),
    );
  }
  if (found.length > 0) return found;
  return [
    ok(`The relay ${name} answers${tls === null ? '' : ` over ${tls.protocol}`}${auth ? `, and offers ${auth}` : ''}.`),
  ];
}
