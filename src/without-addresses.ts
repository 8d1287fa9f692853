/** A text with everything that looks like a mail address taken out: relays name readers in what they say. */
export function withoutAddresses(text: string): string {
  return text.replace(/(?<![^\s<>()"“”,;:])[^\s<>()"“”,;:]+@[^\s<>()"“”,;:]+/g, '(an address)');
}
