// Why an operation was not done: title, what to do, the place, and the code for who asks for help.
import type { AppError } from '../../shared/api/app-api';
import { isCode, useWords, type Words } from '../i18n/use-words';
import { isErrorCode } from '../words/link-words';
import { Code } from './Code';
import classes from './ErrorNote.module.css';

export function ErrorNote({ error }: { readonly error: AppError | null }) {
  const words = useWords();
  if (error === null) return null;
  const { title, fix, place } = errorWords(words, error);
  return (
    <div className={classes['note']} role="alert">
      <p>
        <b>{title}</b> <Code>{error.code}</Code>
      </p>
      <p>{fix}</p>
      {place !== null && <p className={classes['place']}>{place}</p>}
    </div>
  );
}

interface ErrorWords {
  readonly title: string;
  readonly fix: string;
  /** Where the fault is, in the words of the program: shown only when there are none of ours. */
  readonly place: string | null;
}

function errorWords(words: Words, { code, details }: AppError): ErrorWords {
  const { t } = words;
  if (isCode('host_error', code)) return { title: t('host_failed.title'), fix: words.code('host_error', code), place: null };
  const title = isErrorCode(code) ? t(`error.${code}.title`) : t('error_unknown.title');
  const reason = typeof details?.['reason'] === 'string' ? details['reason'] : null;
  const field = typeof details?.['field'] === 'string' ? details['field'] : '';
  if (reason !== null && isCode('impossible', reason)) return { title, fix: words.code('impossible', reason), place: null };
  if (reason !== null && isCode('join_code', reason)) return { title, fix: words.code('join_code', reason), place: null };
  const fix = isErrorCode(code) ? t(`error.${code}.fix`) : t('error_unknown.fix');
  return { title, fix, place: reason === null ? null : field === '' ? reason : t('error_field', { field, reason }) };
}
