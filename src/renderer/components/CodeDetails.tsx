// The code of an error, closed beside the sentence that explains the error: for support requests and for searching logs.
import type { ReactNode } from 'react';
import { useLabels } from '../i18n/use-labels';
import { CopyField } from './CopyField';
import classes from './CodeDetails.module.css';

export interface CodeDetailsProps {
  readonly code: string;
  /** Below the code. */
  readonly children?: ReactNode;
}

export function CodeDetails({ code, children }: CodeDetailsProps) {
  const { t } = useLabels();
  return (
    <details className={classes['details']}>
      <summary>{t('action.details')}</summary>
      <CopyField label={t('action.details')} hideLabel value={code} />
      {children}
    </details>
  );
}
