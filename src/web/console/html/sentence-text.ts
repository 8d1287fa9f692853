import { type Html, html } from '../../html/html.ts';

/** A sentence of ours, in English: what it quotes stands apart, since it may run in another direction. */
export function sentenceText(sentence: string): Html {
  const parts = sentence.split(/(?<=“)([^“”]*)(?=”)/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<bdi>${part}</bdi>` : part))}`;
}
