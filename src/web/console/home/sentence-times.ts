import { type Html, html } from '../../html/html.ts';
import { sentenceText } from '../html/sentence-text.ts';
import { timeText } from '../html/time-text.ts';

const instant = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence in which instants stand as the operator's clock shows them. */
export function withTimes(operator: { readonly timezone: string }, sentence: string): Html {
  const parts = sentence
    .split(instant)
    .map((part, index) => (index % 2 === 1 ? timeText(operator, part) : sentenceText(part)));
  return html`${parts}`;
}
