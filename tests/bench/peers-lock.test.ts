import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

interface LockEntry {
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

describe("the lock of the benches' peers", () => {
  it('names no download address, and has an entry for each optional package', async () => {
    const lock = await readFile(new URL('../../bench/package-lock.json', import.meta.url), 'utf8');
    const { packages }: { packages: Record<string, LockEntry> } = JSON.parse(lock);
    const paths = Object.keys(packages);
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(paths.filter((path) => /^https?:/.test(packages[path]?.resolved ?? ''))).toEqual([]);
    expect(optional.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
    expect(paths.length).toBeGreaterThan(100);
  });
});
