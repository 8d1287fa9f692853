import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { DnsError, type DnsLookups } from '../../src/doctor/dns-lookups.ts';

/** Records by name; an MX's names in the order of preference. A name that isn't there doesn't exist. */
export type Zone = Readonly<Record<string, ZoneEntry>>;

interface ZoneEntry {
  readonly txt?: readonly string[];
  readonly mx?: readonly string[];
  readonly a?: readonly string[];
  readonly ptr?: readonly string[];
  /** Every question about it fails. */
  readonly broken?: boolean;
}

/** DNS within the process. */
export function stubDns(zone: Zone): DnsLookups {
  const look = async (name: string, kind: 'txt' | 'mx' | 'a' | 'ptr'): Promise<readonly string[]> => {
    const entry = zone[name];
    if (entry?.broken) throw new DnsError(name, 'ESERVFAIL');
    return entry?.[kind] ?? [];
  };
  return {
    txt: (name) => look(name, 'txt'),
    mx: (name) => look(name, 'mx'),
    addresses: (name) => look(name, 'a'),
    ptr: (address) => look(address, 'ptr'),
  };
}

const types: Readonly<Record<number, 'a' | 'ptr' | 'mx' | 'txt'>> = { 1: 'a', 12: 'ptr', 15: 'mx', 16: 'txt' };

/** A DNS server on loopback, over UDP (RFC 1035 §4); returns `127.0.0.1:PORT`. It ends with the test. */
export async function startDnsServer(zone: Zone): Promise<string> {
  const server = createSocket('udp4');
  server.on('message', (question, from) => server.send(answer(question, zone), from.port, from.address));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `127.0.0.1:${server.address().port}`;
}

function answer(question: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += length + 1;
  }
  const asked = question.subarray(12, at + 5);
  const type = types[question.readUInt16BE(at + 1)];
  const entry = zone[zoneName(labels)];
  const records = (type && entry?.[type]) ?? [];
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (entry?.broken ? 2 : entry ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  header.fill(0, 8);
  const answers = records.map((text, index) => {
    const value = recordData(type ?? 'txt', text, index);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0); // the name that was asked for
    head.writeUInt16BE(question.readUInt16BE(at + 1), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(value.length, 10);
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([header, asked, ...answers]);
}

/** Addresses are asked for by `4.3.2.1.in-addr.arpa`. */
function zoneName(labels: readonly string[]): string {
  const name = labels.join('.').toLowerCase();
  return name.endsWith('.in-addr.arpa') ? labels.slice(0, 4).toReversed().join('.') : name;
}

function recordData(type: 'a' | 'ptr' | 'mx' | 'txt', text: string, index: number): Buffer {
  if (type === 'a') return Buffer.from(text.split('.').map(Number));
  if (type === 'txt') return Buffer.concat((text.match(/.{1,255}/gs) ?? ['']).map((part) => sized(part)));
  const name = Buffer.concat([
    ...text
      .split('.')
      .filter((label) => label !== '')
      .map(sized),
    Buffer.from([0]),
  ]);
  return type === 'ptr' ? name : Buffer.concat([Buffer.from([0, 10 * (index + 1)]), name]);
}

function sized(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
}
