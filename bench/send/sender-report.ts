/** What a sender prints, as one line of JSON: of the sending alone, its start left out. */
export interface SenderReport {
  readonly messages: number;
  readonly wallMs: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
  /** Resident memory when a tenth was sent, and the most of it afterwards, MB. */
  readonly earlyMb: number;
  readonly peakMb: number;
}

/** Times `send` and prints what it took. `sent` tells how many have gone so far. */
export async function reportOn(messages: number, send: () => Promise<void>, sent: () => number): Promise<void> {
  let earlyMb = 0;
  let peakMb = 0;
  const look = (): void => {
    const residentMb = process.memoryUsage.rss() / 1024 ** 2;
    if (sent() < messages / 10) earlyMb = residentMb;
    peakMb = Math.max(peakMb, residentMb);
  };
  const looking = setInterval(look, 100);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await send();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(looking);
  look();
  const report: SenderReport = { messages, wallMs, cpuMs: (user + system) / 1000, earlyMb, peakMb };
  console.log(JSON.stringify(report));
}
