// Shown for a key that is valid and may not see the dashboard: what the key is for, and which key opens the dashboard.
import { Card } from '../components/Card';
import { CodeBlock } from '../components/CodeBlock';
import { KEY_PLACEHOLDER } from '../components/connect/programs/program';
import { CopyButton } from '../components/CopyButton';
import { CopyField } from '../components/CopyField';
import { Dim } from '../components/Dim';
import { useLabels } from '../i18n/use-labels';
import { type SetToken, useScreen } from '../store/Screen';
import { GateBrand } from './GateBrand';
import { KeyEntry } from './KeyEntry';
import classes from './Gate.module.css';

/** Keys of invitations begin with it. */
const INVITATION_PREFIX = 'mi_';

export interface ProgramKeyProps {
  /** The key that the user has entered. Null: the browser had the key. */
  readonly tried: string | null;
  readonly onToken: SetToken;
}

export function ProgramKey({ tried, onToken }: ProgramKeyProps) {
  const { t } = useLabels();
  const isInvitation = tried?.startsWith(INVITATION_PREFIX) === true;
  const title = t(isInvitation ? 'program_key.invitation_title' : 'program_key.title');
  return (
    <main className={classes['gate']}>
      <Card label={title} className={classes['form']}>
        <GateBrand />
        <div className={classes['parts']}>
          <h1>{title}</h1>
          {isInvitation ? <p role="alert">{t('program_key.invitation')}</p> : <UseOfKey />}
          <h2>{t('program_key.dashboard')}</h2>
          <p>{t('program_key.ask')}</p>
          <KeyEntry refusal={tried === null ? null : title} onToken={onToken} />
        </div>
      </Card>
    </main>
  );
}

/** Where programs use the key. */
function UseOfKey() {
  const { t } = useLabels();
  const { endpoint } = useScreen();
  const baseUrl = `${endpoint.url ?? window.location.origin}/v1`;
  // The quotes are those of every command line, so the system of this computer does not matter.
  const example = `curl ${baseUrl}/models -H "Authorization: Bearer ${KEY_PLACEHOLDER}"`;
  return (
    <>
      <p role="alert">{t('program_key.text')}</p>
      <CopyField label={t('connect.base_url')} value={baseUrl} />
      <div>
        <div className={classes['bar']}>
          <span>{t('program_key.models')}</span>
          <CopyButton value={example} subject={t('program_key.models')} size="compact-sm" variant="default" />
        </div>
        <CodeBlock label={t('program_key.models')} code={example} />
      </div>
      <Dim as="p">{t('program_key.example', { placeholder: KEY_PLACEHOLDER })}</Dim>
      {baseUrl.startsWith('https:') && <Dim as="p">{t('program_key.certificate')}</Dim>}
    </>
  );
}
