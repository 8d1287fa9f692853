import type { Audio } from '../article.ts';
import { findMedia, type MediaContext, sentenceForMissing, sentenceForOtherType } from './article-pictures.ts';
import { mediaTypeOf } from './attachments.ts';

/** The article's sound, with its true length. What front matter says of it wins. */
export async function readAudio(context: MediaContext): Promise<Audio | null> {
  const written = context.fields.audio;
  if (!written) return null;
  const media = findMedia(context, written.src);
  if (typeof media === 'string') {
    const { code, message } = sentenceForMissing(written.src, media);
    context.warn('audio.src', code, message);
    return null;
  }
  const measured = media.file && (await context.media.measureAudio(media.file.path));
  const named = mediaTypeOf(media.file?.path ?? new URL(media.url).pathname);
  const type = written.type ?? measured?.type ?? named;
  if (!type?.startsWith('audio/')) {
    context.warn('audio.src', 'unknown-audio', 'The kind of sound isn’t known. Add “type: audio/mpeg” or what it is.');
    return null;
  }
  if (media.file) checkAudio(context, media.file.path, written.type ?? null, measured?.type ?? null);
  const duration = written.duration ?? measured?.seconds ?? null;
  return {
    url: media.url,
    type,
    ...(media.file && { bytes: media.file.bytes }),
    ...(duration !== null && { duration }),
  };
}

function checkAudio(context: MediaContext, path: string, written: string | null, measured: string | null): void {
  if (measured === null) {
    const message = `“${path}” isn’t a sound file that can be read. Save it as MP3, M4A, Ogg, WAV or FLAC.`;
    context.warn('audio.src', 'unreadable-audio', message);
  } else if (mediaTypeOf(path) !== measured) {
    context.warn('audio.src', 'audio-type-differs', sentenceForOtherType(path, measured));
  } else if (written !== null && !sameSound(written, measured)) {
    const message = `“${path}” is really ${measured}, not ${written}. Correct “type”, or leave it out.`;
    context.warn('audio.type', 'audio-type-differs', message);
  }
}

/** Sound has more names than kinds. */
const otherNames: Readonly<Record<string, string>> = {
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'audio/vorbis': 'audio/ogg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
};

function sameSound(written: string, measured: string): boolean {
  return (otherNames[written] ?? written) === measured;
}
