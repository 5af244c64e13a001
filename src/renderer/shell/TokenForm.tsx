// Asks for an access token: the program does not show its state without one.
import { Card } from '../components/Card';
import { CopyField } from '../components/CopyField';
import { Dim } from '../components/Dim';
import { Facts } from '../components/Facts';
import { Path } from '../components/Path';
import { useLabels } from '../i18n/use-labels';
import type { SetToken } from '../store/Screen';
import { GateBrand } from './GateBrand';
import { KeyEntry } from './KeyEntry';
import classes from './Gate.module.css';

/** Where the host keeps the owner key. The page does not know the system of the host before it has a key. */
const KEY_FILES = [
  ['linux', '~/.local/share/muster/admin-token'],
  ['macos', '~/Library/Application Support/Muster/admin-token'],
  ['windows', '%LOCALAPPDATA%\\Muster\\admin-token'],
] as const;

export interface TokenFormProps {
  readonly isRefused: boolean;
  readonly onToken: SetToken;
}

export function TokenForm({ isRefused, onToken }: TokenFormProps) {
  const { t } = useLabels();
  return (
    <main className={classes['gate']}>
      <Card label={t('connection.unauthorized_title')} className={classes['form']}>
        <GateBrand />
        <div className={classes['parts']}>
          <h1>{t('connection.unauthorized_title')}</h1>
          <CopyField label={t('connection.unauthorized_link')} value="muster dashboard" />
          <Dim as="p">{t('connection.unauthorized_text')}</Dim>
          <Facts facts={KEY_FILES.map(([system, file]) => [t(`settings.platform_${system}`), <Path key={system} path={file} />])} />
          <Dim as="p">{t('connection.unauthorized_folder')}</Dim>
          <KeyEntry refusal={isRefused ? t('connection.token_refused') : null} onToken={onToken} />
        </div>
      </Card>
    </main>
  );
}
