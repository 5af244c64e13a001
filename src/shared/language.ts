// The languages of error texts, and the choice by `Accept-Language`.

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in each language. */
export type Localized = Readonly<Record<Language, string>>;

interface Range {
  readonly tag: string;
  /** 0 to 1; 0: not acceptable. */
  readonly quality: number;
}

const RANGE = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/**
 * By `Accept-Language` (RFC 9110, 12.5.4). Chinese, when a Chinese range has a higher quality than English, or the same quality and an
 * earlier place in the list. `*` counts as English if no range is English. Invalid ranges are ignored.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').split(',').flatMap(rangeOf);
  const chinese = bestOf(ranges, 'zh');
  if (chinese === null || chinese.quality === 0) return 'en';
  const english = bestOf(ranges, 'en') ?? bestOf(ranges, '*');
  if (english === null || english.quality < chinese.quality) return 'zh';
  return english.quality === chinese.quality && ranges.indexOf(chinese) < ranges.indexOf(english) ? 'zh' : 'en';
}

function rangeOf(text: string): readonly Range[] {
  const [, tag, quality = '1'] = RANGE.exec(text) ?? [];
  return tag === undefined ? [] : [{ tag: tag.toLowerCase(), quality: Number(quality) }];
}

/** The range of the language, with or without region and script, that has the highest quality. Of equal ranges the first counts. */
function bestOf(ranges: readonly Range[], language: string): Range | null {
  let best: Range | null = null;
  for (const range of ranges) {
    if (range.tag !== language && !range.tag.startsWith(`${language}-`)) continue;
    if (best === null || range.quality > best.quality) best = range;
  }
  return best;
}
