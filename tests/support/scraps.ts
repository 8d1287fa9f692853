const words = (text: string): string[] => text.split(' ');

/** What markup is made of, and characters that XML forbids, that turn the line, or that are halves of others. */
export const markupScraps: readonly string[] = [
  ...words(`]]> <![CDATA[ & &amp; &lt; &#0; &#x1F; < > " ' \\ <b> </p> </item> </entry> <!-- --> <?xml ] {} [] {{ {%`),
  ...['\u0000', '\u0008', '\u202E', '\u2066', '\uFFFE', '\uD83D', '\uDE00', '\u0085', '\u2028', '🗞', 'آ', 'Է', 'ა'],
  ...['\r\n', '\n', ' '],
];

/** What Markdown is made of. */
export const markdownScraps: readonly string[] = [
  ...words('** _ ` ~~ | [ ] ]( ) ![ [^1]'),
  ...['> ', '- ', '1. ', '# ', '[^1]: ', '```\n', '\n|---|\n', '---\n', '\n\n', '    ', '\t'],
];
