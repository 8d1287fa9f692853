import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { findProgram } from './find-program.ts';

/** One line: date, machine and the versions of what is measured. */
export function describeMachine(withEleventy: boolean): string {
  const hugo = findProgram('hugo');
  const nginx = findProgram('nginx');
  const parts = [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    `${Math.round(totalmem() / 1_000_000_000)} GB`,
    `Node ${process.versions.node}`,
    hugo === null ? 'no Hugo on PATH' : `Hugo ${firstVersion(execFileSync(hugo, ['version'], { encoding: 'utf8' }))}`,
    nginx === null ? 'no nginx on PATH' : 'nginx',
    ...(withEleventy ? [`Eleventy ${eleventyVersion()}`] : []),
  ];
  return parts.join(', ');
}

function firstVersion(text: string): string {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'of unknown version';
}

function eleventyVersion(): string {
  const peers: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
  );
  return peers.dependencies['@11ty/eleventy'] ?? 'of unknown version';
}
