import type { Page } from 'playwright-core';

/** Goes through a page with the Tab key: what can't be reached in its order, and what doesn't show that it was. */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const expected = String(await page.evaluate(focusable)).split('\n');
  const stops: { readonly element: string; isSeen: boolean }[] = [];
  // A field for a date has a stop for each of its parts.
  for (let tabs = 0; tabs < 6 * expected.length && stops.at(-1)?.element !== expected.at(-1); tabs += 1) {
    await page.keyboard.press('Tab');
    const [element = '', seen] = String(await page.evaluate(focused)).split('\n');
    if (stops.at(-1)?.element !== element) stops.push({ element, isSeen: false });
    for (const stop of stops.slice(-1)) stop.isSeen ||= seen === 'seen';
  }
  const order = stops.map(({ element }) => element);
  if (order.join('\n') !== expected.join('\n')) faults.push(`${order}, not ${expected}`);
  for (const { element } of stops.filter(({ isSeen }) => !isSeen)) faults.push(`unseen focus on ${element}`);
  return faults;
}

const naming = `(e) => [e.tagName, e.getAttribute('href') ?? e.name ?? '', e.value ?? '', e.textContent.trim().slice(0, 30), ([...document.querySelectorAll('*')].indexOf(e))].join(' ').replaceAll('\\n', ' ')`;
/** What can have the focus, in the order of the page; of radio buttons the one that is chosen. */
const focusable = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0 && !(e.type === 'radio' && !e.checked))
  .map(${naming}).join('\\n')`;
const focused = `((e) => {
  const style = getComputedStyle(e);
  const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return (${naming})(e) + '\\n' + (isSeen ? 'seen' : '');
})(document.activeElement)`;
