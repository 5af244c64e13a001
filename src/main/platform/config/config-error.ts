// Why a configuration was not taken, as data, and the line that says it to a person: place, key, reason, suggestion.

/** Where a value came from. */
export type ConfigOrigin =
  | { readonly from: 'flag'; readonly name: string }
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly file: string; readonly line: number | null }
  | { readonly from: 'default' };

export interface ConfigError {
  readonly code: 'file_missing' | 'file_unreadable' | 'syntax' | 'unknown_key' | 'invalid_value' | 'impossible';
  readonly origin: ConfigOrigin;
  /** The key at fault; null where there is none (a file that cannot be read, broken TOML). */
  readonly key: string | null;
  readonly reason: string;
  /** The key that was probably meant. */
  readonly suggestion: string | null;
}

/** `config.toml:12: server.prot: unknown key, did you mean server.port?` */
export function configErrorText(error: ConfigError): string {
  const key = error.key === null ? '' : `${error.key}: `;
  const suggestion = error.suggestion === null ? '' : `, did you mean ${error.suggestion}?`;
  return `${originText(error.origin)}: ${key}${error.reason}${suggestion}`;
}

/** The same words wherever an origin is shown. */
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
