import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

type TokenOf = new (type: string, tag: string, nesting: Token['nesting']) => Token;

/** A picture alone in its paragraph becomes a figure; its title, where it has one, the caption below it. */
export function addCaptions(markdown: MarkdownIt): void {
  markdown.core.ruler.push('captions', (state) => {
    const written: Token[] = [];
    for (const [index, token] of state.tokens.entries()) {
      const opening = state.tokens[index - 1];
      const closing = state.tokens[index + 1];
      const image = token.type === 'inline' ? onlyImage(token) : null;
      const caption = image?.attrGet('title') ?? null;
      if (!image || caption === null || opening?.type !== 'paragraph_open' || opening.hidden || !closing) {
        written.push(token);
        continue;
      }
      opening.tag = 'figure';
      closing.tag = 'figure';
      image.attrs = image.attrs?.filter(([name]) => name !== 'title') ?? null;
      written.push(token, ...captionTokens(state.Token, caption));
    }
    state.tokens = written;
  });
}

function onlyImage(token: Token): Token | null {
  const children = (token.children ?? []).filter(({ type, content }) => type !== 'text' || content.trim() !== '');
  const [first] = children;
  return children.length === 1 && first?.type === 'image' ? first : null;
}

function captionTokens(TokenClass: TokenOf, caption: string): Token[] {
  const text = new TokenClass('text', '', 0);
  text.content = caption;
  return [
    new TokenClass('figcaption_open', 'figcaption', 1),
    text,
    new TokenClass('figcaption_close', 'figcaption', -1),
  ];
}
