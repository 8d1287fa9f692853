/** A line of a Markdown body. */
export interface ProseLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Whether it stands in a fenced block of code, its fences included. */
  readonly isCode: boolean;
}

/** The lines of a Markdown body, told apart by CommonMark's fences (§4.5). */
export function* proseLines(body: string): Generator<ProseLine> {
  let fence: string | null = null;
  let line = 0;
  for (const text of body.split('\n')) {
    line += 1;
    const marks: string | undefined = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(text)?.[1];
    const isOpen: boolean = fence !== null;
    if (fence === null) fence = marks ?? null;
    else if (marks?.startsWith(fence) && text.trim() === marks) fence = null;
    yield { text, line, isCode: isOpen || marks !== undefined };
  }
}
