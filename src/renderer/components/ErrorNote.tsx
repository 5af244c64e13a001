// Why an operation was not done: title, what to do, the place, and the code for who asks for help.
import type { AppError } from '../../shared/api/app-api';
import { isCode, useWords } from '../i18n/use-words';
import { isErrorCode } from '../words/link-words';
import { Code } from './Code';
import classes from './ErrorNote.module.css';

export function ErrorNote({ error }: { readonly error: AppError | null }) {
  const words = useWords();
  if (error === null) return null;
  const { t } = words;
  const { code, details } = error;
  const reason = typeof details?.['reason'] === 'string' ? details['reason'] : null;
  const field = typeof details?.['field'] === 'string' ? details['field'] : null;
  const isKnownReason = reason !== null && isCode('impossible', reason);
  return (
    <div className={classes['note']} role="alert">
      <p>
        <b>{isErrorCode(code) ? t(`error.${code}.title`) : t('error_unknown.title')}</b> <Code>{code}</Code>
      </p>
      <p>{isKnownReason ? words.code('impossible', reason) : isErrorCode(code) ? t(`error.${code}.fix`) : t('error_unknown.fix')}</p>
      {reason !== null && !isKnownReason && <p className={classes['place']}>{field ? t('error_field', { field, reason }) : reason}</p>}
    </div>
  );
}
