// Why an operation failed: title, fix, place, and the closed code for support requests.
import type { AppError } from '../../shared/api/app-api';
import { refusalTextOf } from '../../shared/reasons/model-control';
import { isCode, useLabels, type Labels } from '../i18n/use-labels';
import { isErrorCode } from '../labels/link-labels';
import { CodeDetails } from './CodeDetails';
import classes from './ErrorNote.module.css';

export function ErrorNote({ error }: { readonly error: AppError | null }) {
  const labels = useLabels();
  if (error === null) return null;
  const { title, fix, place } = errorTexts(labels, error);
  return (
    <div className={classes['note']} role="alert">
      <p>
        <b>{title}</b>
      </p>
      <p>{fix}</p>
      {place !== null && <p className={classes['place']}>{place}</p>}
      <CodeDetails code={error.code} />
    </div>
  );
}

export interface ErrorTexts {
  readonly title: string;
  readonly fix: string;
  /** The program's own text about the place of the fault. Null where the catalogue has a text. */
  readonly place: string | null;
}

export function errorTexts(labels: Labels, { code, details }: AppError): ErrorTexts {
  const { t } = labels;
  if (isCode('host_error', code)) return { title: t('host_failed.title'), fix: labels.code('host_error', code), place: null };
  const title = isErrorCode(code) ? t(`error.${code}.title`) : t('error_unknown.title');
  const reason = typeof details?.['reason'] === 'string' ? details['reason'] : null;
  const field = typeof details?.['field'] === 'string' ? details['field'] : '';
  if (reason !== null && isCode('impossible', reason)) return { title, fix: labels.code('impossible', reason), place: null };
  if (reason !== null && isCode('join_code', reason)) return { title, fix: labels.code('join_code', reason), place: null };
  const message = typeof details?.['runtime_message'] === 'string' ? details['runtime_message'] : null;
  const refusal = refusalTextOf(details);
  if (refusal !== null) return { title, fix: labels.code('model_refusal', refusal), place: message };
  const fix = isErrorCode(code) ? t(`error.${code}.fix`) : t('error_unknown.fix');
  return { title, fix, place: reason === null ? null : field === '' ? reason : t('error_field', { field, reason }) };
}
