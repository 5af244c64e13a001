// How the words that are printed suit who reads them: their language, and how they called this program. Pure.
import type { Language } from '../../../shared/language';
import type { Options } from '../command';

export interface Wording {
  readonly language: Language;
  /** What a command begins with: `muster`, or what stands for it in a checkout. */
  readonly program: string;
  /** The flags by which this call named its scheduler, each after a space: what is said to do next asks the same one. */
  readonly where: string;
}

const PLACE_FLAGS = ['config', 'data-dir', 'url', 'admin-token-file'] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** From the environment: the locale by its usual variables in their order, and what npm tells a script that it runs. */
export function wordingOf(env: Env, options?: Pick<Options, 'text'>): Wording {
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => env[name] ?? '').find((value) => value !== '') ?? '';
  const isScript = env['npm_package_name'] === 'muster' && env['npm_lifecycle_event'] === 'muster';
  const flags = PLACE_FLAGS.flatMap((name) => {
    const value = options?.text(name);
    return value === undefined ? [] : [` --${name} ${shellWord(value)}`];
  });
  return {
    language: locale.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    program: isScript ? 'npm run -s muster --' : 'muster',
    where: flags.join(''),
  };
}

/** As it is where a shell reads it so. */
const shellWord = (text: string): string => (/^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const SEPARATOR = ' / ';

/** One part of a message that is `<Chinese> / <English>`; any other as it is. */
export function inLanguage(message: string, { language }: Wording): string {
  const at = message.indexOf(SEPARATOR);
  const [chinese, english] = [message.slice(0, Math.max(at, 0)), message.slice(at + SEPARATOR.length)];
  if (at < 0 || !/\p{Script=Han}/u.test(chinese) || /\p{Script=Han}/u.test(english)) return message;
  return language === 'zh' ? chinese : english;
}
