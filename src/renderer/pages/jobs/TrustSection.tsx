// How programs on other computers trust a shared pool: the file ca.pem, and the setting of each program (docs/openai.md).
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import classes from './SendCard.module.css';
import { TRUST_EXAMPLES } from './trust-examples';

export interface TrustSectionProps {
  readonly baseUrl: string;
  /** The file on this computer. Null: this program does not know the file. */
  readonly caFile: string | null;
}

export function TrustSection({ baseUrl, caFile }: TrustSectionProps) {
  const { t } = useLabels();
  return (
    <section className={classes['trust']}>
      <h3>{t('trust.title')}</h3>
      <p>{t('trust.text')}</p>
      {caFile === null ? <Dim as="p">{t('trust.in_folder')}</Dim> : <CopyField label={t('trust.file')} value={caFile} />}
      {TRUST_EXAMPLES.map(({ program, exampleOf }) => (
        <CopyField key={program} label={t(`trust.${program}`)} value={exampleOf(baseUrl)} />
      ))}
      <Dim as="p">{t('trust.replaces')}</Dim>
    </section>
  );
}
