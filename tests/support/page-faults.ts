import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const maxBytes = 60_000;

/** What is wrong with a page at its width; what axe finds only where asked. */
export async function faultsOf(page: Page, axe: boolean): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate('document.fonts.ready');
  if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) faults.push('wider than the window');
  const bytes = Buffer.byteLength(await page.content());
  if (bytes > maxBytes) faults.push(`${bytes} bytes`);
  if (axe) {
    await page.evaluate(axeSource);
    const found: unknown = await page.evaluate(
      `axe.run(document, { exclude: ['iframe'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 150)).join(' ')))`,
    );
    if (Array.isArray(found)) faults.push(...found.map(String));
  }
  return faults;
}
