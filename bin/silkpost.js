#!/usr/bin/env node
// Plain JavaScript on purpose: it must parse on an old Node in order to say that the Node is too old.
import { existsSync } from 'node:fs';
import module from 'node:module';

const version = process.versions.node.split('.').map(Number);
// 24.7 brought argon2.
if (version[0] < 24 || (version[0] === 24 && version[1] < 7)) {
  process.stderr.write(
    `Silkpost needs Node 24.7 or newer, and this is Node ${process.versions.node}. Use a newer Node, or in the repository run it through npm (npm start, npm run silkpost).\n`,
  );
  process.exit(1);
}
module.enableCompileCache?.();
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
