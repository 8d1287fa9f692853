// Every optional platform package that the lock names needs an entry of its own, or `npm ci` refuses on that platform;
// and no entry may say where it was downloaded from. Plain JavaScript: it runs before anything is installed.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const names = Object.keys(packages);
const missing = Object.entries(packages).flatMap(([owner, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !names.some((path) => path.endsWith(`node_modules/${name}`)))
    .map((name) => `${owner || 'silkpost'} names ${name}, which the lock lacks`),
);
const addressed = Object.entries(packages)
  .filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
  .map(([path]) => `${path} names a download address`);
const faults = [...missing, ...addressed];
for (const fault of faults) console.error(fault);
console.log(`package-lock.json: ${names.length} packages, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
