import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../../../src/operators/index.ts';
import { launchBrowser, openWatchedPage } from '../../support/browser.ts';
import { type EmptyConsole, openEmptyConsole } from '../../support/console.ts';
import { goodPassword } from '../../support/operator-room.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

let desk: EmptyConsole;
let browser: Browser;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const folder = await createTemporaryFolder();
  desk = await openEmptyConsole({
    folder: await smallPublication(folder.path),
    closeLater: (close) => closing.push(close, () => folder.remove()),
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  for (const close of closing) await close();
});

describe('the console in a browser', () => {
  it('makes the owner by the first link, with an authenticator app and recovery codes, without a script', async () => {
    const { page, faults, context } = await openWatchedPage(browser, { javaScriptEnabled: false });
    await page.goto(desk.at(`/welcome/${await desk.app.operatorRoom.desk.makeFirstLink()}`));
    await page.getByLabel('Your name').fill('Նարե Օրինակ');
    await page.getByLabel('Email').fill('nare@courier.example');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Go on' }).click();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Նարե Օրինակ');
    expect(await page.getByRole('alert').textContent()).toContain('at least 12 characters');
    await page.getByLabel('Password').fill(goodPassword);
    await page.getByRole('button', { name: 'Go on' }).click();

    expect(await page.getByRole('img', { name: 'QR code' }).isVisible()).toBe(true);
    const secret = ((await page.locator('code.key').textContent()) ?? '').replaceAll(' ', '');
    await page.getByLabel('The code').fill(totpCode(secret, desk.app.clock.now()));
    await page.getByRole('button', { name: 'Confirm' }).click();
    const codes = await page.locator('.codes code').allTextContents();
    expect(codes).toHaveLength(10);
    await page.getByRole('link', { name: 'I have kept them' }).click();
    expect(new URL(page.url()).pathname).toBe('/console');

    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByRole('status').textContent()).toBe('You are signed out.');
    await page.goto(desk.at('/audit'));
    await page.getByLabel('Email').fill('nare@courier.example');
    await page.getByLabel('Password').fill(goodPassword);
    await page.getByLabel('Code').fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(new URL(page.url()).pathname).toBe('/console/audit');
    expect(await page.getByRole('status').textContent()).toContain('9 recovery codes are left');
    await page.reload();
    expect(await page.getByRole('status').count()).toBe(0);
    await context.close();
    // A refused form is an error to the browser’s console.
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });
});
