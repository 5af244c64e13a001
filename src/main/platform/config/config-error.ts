// The error of an invalid configuration, and its text: origin, key, reason, suggestion.

/** The origin of a value. */
export type ConfigOrigin =
  | { readonly from: 'flag'; readonly name: string }
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly file: string; readonly line: number | null }
  | { readonly from: 'default' };

export interface ConfigError {
  readonly code: 'file_missing' | 'file_unreadable' | 'syntax' | 'unknown_key' | 'invalid_value' | 'impossible';
  readonly origin: ConfigOrigin;
  /** The invalid key; null when the whole file is at fault (not readable, invalid TOML). */
  readonly key: string | null;
  readonly reason: string;
  /** A similar key that exists. */
  readonly suggestion: string | null;
  /** The other key of a rule between two keys (`impossible`). */
  readonly related?: string;
}

/** `config.toml:12: server.prot: unknown key, did you mean server.port?` */
export function configErrorText(error: ConfigError): string {
  const key = error.key === null ? '' : `${error.key}: `;
  const suggestion = error.suggestion === null ? '' : `, did you mean ${error.suggestion}?`;
  return `${originText(error.origin)}: ${key}${error.reason}${suggestion}`;
}

/** An origin as text: flag, variable, or file and line. */
export function originText(origin: ConfigOrigin): string {
  switch (origin.from) {
    case 'flag':
      return `--${origin.name}`;
    case 'env':
      return origin.name;
    case 'file':
      return origin.line === null ? origin.file : `${origin.file}:${String(origin.line)}`;
    case 'default':
      return 'default';
  }
}
