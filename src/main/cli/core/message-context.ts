// The context of messages: the language of the user, the name of the program, and the flags that chose the scheduler. Pure.
import type { Language } from '../../../shared/language';
import type { Options } from '../command';

export interface MessageContext {
  readonly language: Language;
  /** How the user calls the program: `muster`, or the npm script in a checkout. */
  readonly program: string;
  /** The flags of this call that chose the scheduler, each after a space. A suggested command repeats these flags. */
  readonly schedulerFlags: string;
}

const SCHEDULER_FLAGS = ['config', 'data-dir', 'url', 'key-file', 'admin-token-file'] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** From the environment: the locale variables in their usual order, and the variables that npm sets for a script. */
export function messageContextOf(env: Env, options?: Pick<Options, 'text'>): MessageContext {
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => env[name] ?? '').find((value) => value !== '') ?? '';
  const isScript = env['npm_package_name'] === 'muster' && env['npm_lifecycle_event'] === 'muster';
  const flags = SCHEDULER_FLAGS.flatMap((name) => {
    const value = options?.text(name);
    return value === undefined ? [] : [` --${name} ${shellWord(value)}`];
  });
  return {
    language: locale.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    program: isScript ? 'npm run -s muster --' : 'muster',
    schedulerFlags: flags.join(''),
  };
}

/** Quoted when a shell needs quotes. */
const shellWord = (text: string): string => (/^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const SEPARATOR = ' / ';

/** The Chinese or English part of a message `<Chinese> / <English>`. Any other message is returned unchanged. */
export function inLanguage(message: string, { language }: Pick<MessageContext, 'language'>): string {
  const at = message.indexOf(SEPARATOR);
  const [chinese, english] = [message.slice(0, Math.max(at, 0)), message.slice(at + SEPARATOR.length)];
  if (at < 0 || !/\p{Script=Han}/u.test(chinese) || /\p{Script=Han}/u.test(english)) return message;
  return language === 'zh' ? chinese : english;
}
