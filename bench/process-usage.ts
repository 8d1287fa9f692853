import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds and has used, its own children's share included. Read from /proc: the benches need Linux. */
export interface Usage {
  /** Resident memory now, of the process and all that it started, MB. */
  readonly residentMb: number;
  /** The most that the process itself was resident with, MB. */
  readonly peakMb: number;
  /** User and system time, ms, in steps of 10. */
  readonly cpuMs: number;
}

// Linux tells times to programs in hundredths of a second, whatever its own clock does (USER_HZ).
const msPerTick = 10;

/** Null once the process is gone. */
export function readUsage(pid: number): Usage | null {
  const family = [pid, ...listDescendants(pid)];
  const peakKb = statusKb(pid, 'VmHWM');
  if (peakKb === null) return null;
  const sum = (of: (member: number) => number | null): number =>
    family.reduce((total, member) => total + (of(member) ?? 0), 0);
  return {
    residentMb: sum((member) => statusKb(member, 'VmRSS')) / 1024,
    peakMb: peakKb / 1024,
    cpuMs: sum((member) => readCpuMs(member)),
  };
}

/** The high-water mark of one process, MB: cheap enough to ask for every few milliseconds. */
export function readPeakMb(pid: number): number | null {
  const peakKb = statusKb(pid, 'VmHWM');
  return peakKb === null ? null : peakKb / 1024;
}

/** User and system time of one process, ms, with that of the children it has waited for. */
function readCpuMs(pid: number): number | null {
  const fields = statFields(pid);
  return fields === null ? null : sumTicks(fields.slice(11, 15));
}

/** User and system time of the children that this process has waited for, ms. */
export function readEndedChildrenCpuMs(): number {
  return sumTicks(statFields(process.pid)?.slice(13, 15) ?? []);
}

function sumTicks(ticks: readonly string[]): number {
  return ticks.reduce((total, tick) => total + Number(tick), 0) * msPerTick;
}

function listDescendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statFields(Number(name))?.[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const below = (of: number): number[] => (parents.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** The fields after the program's name, which may hold spaces: [0] state, [1] parent, [11] to [14] times (proc(5)). */
function statFields(pid: number): string[] | null {
  const text = readProc(`${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function statusKb(pid: number, field: 'VmHWM' | 'VmRSS'): number | null {
  const kb = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readProc(`${pid}/status`) ?? '')?.[1];
  return kb === undefined ? null : Number(kb);
}

function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return null;
  }
}
