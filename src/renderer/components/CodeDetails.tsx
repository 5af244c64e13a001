// The code of an error, closed beside the sentence that explains the error: for support requests and for searching logs.
import { useLabels } from '../i18n/use-labels';
import { CopyField } from './CopyField';
import classes from './CodeDetails.module.css';

export function CodeDetails({ code }: { readonly code: string }) {
  const { t } = useLabels();
  return (
    <details className={classes['details']}>
      <summary>{t('action.details')}</summary>
      <CopyField label={t('action.details')} hideLabel value={code} />
    </details>
  );
}
