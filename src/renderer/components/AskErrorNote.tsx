// Why a question failed, and what to do. The pool says why, in the language of the screen; the next step comes from the code.
import type { AppError } from '../../shared/api/app-api';
import { CodeDetails } from './CodeDetails';
import { ErrorNote } from './ErrorNote';
import { isCode, type Labels, useLabels } from '../i18n/use-labels';
import { isErrorCode } from '../labels/link-labels';
import classes from './AskErrorNote.module.css';

export interface AskErrorNoteProps {
  readonly error: AppError;
  /** What to do when the key is refused. Absent: the key is the one of this window. */
  readonly keyFix?: string;
}

export function AskErrorNote({ error, keyFix }: AskErrorNoteProps) {
  const labels = useLabels();
  if (isErrorCode(error.code)) return <ErrorNote error={error} />;
  return (
    <div className={classes['note']} role="alert">
      <p>
        <b>{capitalised(error.message === '' ? error.code : error.message)}</b>
      </p>
      <p>{KEY_CODES.has(error.code) && keyFix !== undefined ? keyFix : fixOf(labels, error.code)}</p>
      <CodeDetails code={error.code} />
    </div>
  );
}

const KEY_CODES: ReadonlySet<string> = new Set(['invalid_api_key', 'revoked']);

function fixOf({ t, code }: Labels, given: string): string {
  // The server's own refusals are not in the list of codes of the pool.
  if (given === 'forbidden') return t('ask_fix.forbidden');
  if (given === 'payload_too_large') return t('ask_fix.payload_too_large');
  return isCode('ask_fix', given) ? code('ask_fix', given) : t('ask_fix.other');
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
