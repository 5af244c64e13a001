// Why a question failed, and what to do. The pool says why, in the language of the screen; the next step comes from the code.
import type { AppError } from '../../shared/api/app-api';
import { Code } from './Code';
import { ErrorNote } from './ErrorNote';
import { isCode, useLabels } from '../i18n/use-labels';
import { isErrorCode } from '../labels/link-labels';
import classes from './AskErrorNote.module.css';

export function AskErrorNote({ error }: { readonly error: AppError }) {
  const { code, t } = useLabels();
  if (isErrorCode(error.code)) return <ErrorNote error={error} />;
  const fix = isCode('ask_fix', error.code) ? code('ask_fix', error.code) : t('ask_fix.other');
  return (
    <div className={classes['note']} role="alert">
      <p>
        <b>{capitalised(error.message === '' ? error.code : error.message)}</b> <Code>{error.code}</Code>
      </p>
      <p>{fix}</p>
    </div>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
