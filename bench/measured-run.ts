// Runs a script in this process and tells its parent, when it ends, what it took:
// node bench/measured-run.ts SCRIPT ARGUMENTS…
import { pathToFileURL } from 'node:url';

const [script, ...words] = process.argv.slice(2);
if (script === undefined) throw new Error('measured-run.ts needs a script');
process.argv.splice(1, process.argv.length - 1, script, ...words);
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send?.({ wallMs: performance.now(), cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 });
});
await import(pathToFileURL(script).href);
