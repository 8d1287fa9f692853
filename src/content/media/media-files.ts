import { join } from 'node:path';
import { type AudioLength, audioLength } from './audio-length.ts';
import { withFileBytes } from './file-bytes.ts';
import { pictureSize } from './picture-size.ts';
import type { Pixels } from './pixels.ts';
import { trueMediaType } from './true-media-type.ts';

export interface MeasuredPicture {
  /** The media type by its bytes. */
  readonly type: string;
  /** Null where its header doesn't tell it. */
  readonly size: Pixels | null;
}

/** Looks at the files beside articles. What can't be read or isn't what is asked for is null. */
export interface MediaFiles {
  /** @param path Relative to `content/`. */
  measurePicture(path: string): Promise<MeasuredPicture | null>;
  /** @param path Relative to `content/`. */
  measureAudio(path: string): Promise<AudioLength | null>;
}

/** Enough for nearly every one; JPEG and AVIF may keep their size behind profiles and previews. */
const headerBytes = [16_384, 1_048_576];

export function openMediaFiles(contentDir: string): MediaFiles {
  return {
    measurePicture: (path) =>
      withFileBytes(join(contentDir, path), async (file) => {
        let measured: MeasuredPicture | null = null;
        for (const length of headerBytes) {
          const header = await file.read(0, length);
          const type = trueMediaType(header);
          if (!type?.startsWith('image/')) return null;
          measured = { type, size: pictureSize(header) };
          if (measured.size || header.length < length) return measured;
        }
        return measured;
      }),
    measureAudio: (path) => withFileBytes(join(contentDir, path), audioLength),
  };
}
