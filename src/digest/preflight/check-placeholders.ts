import { createPlainText } from '../../content/index.ts';
import { articlesOf, type CheckedEdition, placeIn } from './checked-edition.ts';
import { type Finding, nowhere } from './finding.ts';
import { findPlaceholders, type Placeholder } from './placeholder-words.ts';

const plainText = createPlainText();

/** Words that were to be written over: in the articles, and in subjects and preheaders that were typed. */
export function checkPlaceholders(edition: CheckedEdition): readonly Finding[] {
  const inArticles = articlesOf(edition).flatMap((article) => {
    const texts = [
      { name: 'title', text: article.title, isMailed: true },
      { name: 'summary', text: article.summary, isMailed: true },
      { name: 'text', text: wordsOf(article.html), isMailed: edition.newsletter.text === 'full' },
    ];
    return texts.flatMap(({ name, text, isMailed }) =>
      findPlaceholders(text, article.lang, name !== 'text').map((placeholder) => ({
        code: 'placeholder' as const,
        severity: placeholder.isSure && isMailed ? ('blocking' as const) : ('warning' as const),
        where: placeIn(
          edition,
          article,
          (line) => (name === 'text' || line.startsWith(`${name}:`)) && line.includes(placeholder.word),
          (line) => line.includes(placeholder.word),
        ),
        ...sentencesFor(placeholder, `The ${name} of “${article.title}” (${article.lang})`),
      })),
    );
  });
  const titles = new Set(articlesOf(edition).map(({ title }) => title));
  const inMails = edition.mails.flatMap(({ lang, subject, preheader }) => {
    const texts = [
      // A headline was looked at above, where it can be mended.
      ...(titles.has(subject) ? [] : [{ name: 'subject', text: subject }]),
      { name: 'preheader', text: preheader },
    ];
    return texts.flatMap(({ name, text }) =>
      findPlaceholders(text, lang, true)
        .filter(({ word }) => !inArticles.some(({ sentence }) => name === 'preheader' && sentence.includes(word)))
        .map((placeholder) => ({
          code: 'placeholder' as const,
          severity: placeholder.isSure ? ('blocking' as const) : ('warning' as const),
          where: { ...nowhere, lang },
          ...sentencesFor(placeholder, `The ${name} in ${lang}`),
        })),
    );
  });
  return [...inArticles, ...inMails];
}

/** What a person reads of an article, without what is code. */
function wordsOf(html: string): string {
  return plainText(html.replace(/<(pre|code)\b[^>]*>.*?<\/\1>/gs, ' '));
}

function sentencesFor({ word, isSure }: Placeholder, where: string): Pick<Finding, 'sentence' | 'whatToDo'> {
  return {
    sentence: `${where} holds “${word}”${isSure ? '' : ', which may stand for something still to be written'}.`,
    whatToDo: 'Write what is meant, or take it out.',
  };
}
