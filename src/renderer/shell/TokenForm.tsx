// Asks for an access token: the program does not show its state without one.
import { useEffect, useState } from 'react';
import { isLoopbackUrlHost } from '../../shared/loopback';
import { Card } from '../components/Card';
import { CopyField } from '../components/CopyField';
import { Dim } from '../components/Dim';
import { Disclosure } from '../components/Disclosure';
import { Facts } from '../components/Facts';
import { Path } from '../components/Path';
import { StateLines } from '../components/StateLines';
import { useLabels } from '../i18n/use-labels';
import { type SetToken, useScreen } from '../store/Screen';
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
  const { endpoint } = useScreen();
  // A browser on another computer is often that of a person who has no access to the host.
  const isElsewhere = !isLoopbackUrlHost(new URL(endpoint.url ?? window.location.origin).hostname);
  const isCodeRefused = useCodeRefused();
  const entry = <KeyEntry refusal={isRefused ? t('connection.token_refused') : null} onToken={onToken} />;
  return (
    <main className={classes['gate']}>
      <Card label={t('connection.unauthorized_title')} className={classes['form']}>
        <GateBrand />
        <div className={classes['parts']}>
          <h1>{t('connection.unauthorized_title')}</h1>
          {isCodeRefused && (
            <StateLines shape="refused">
              <p role="alert">{t('connection.code_refused')}</p>
            </StateLines>
          )}
          {isElsewhere ? (
            <>
              <p>{t('connection.unauthorized_ask')}</p>
              {entry}
              <Disclosure title={t('connection.unauthorized_owner')} summary={t('connection.unauthorized_owner_ways')}>
                <div className={classes['parts']}>
                  <OnHost />
                </div>
              </Disclosure>
            </>
          ) : (
            <>
              <OnHost />
              {entry}
            </>
          )}
        </div>
      </Card>
    </main>
  );
}

function useCodeRefused(): boolean {
  const { codeRefused } = useScreen().endpoint;
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    void codeRefused?.then(setRefused);
  }, [codeRefused]);
  return isRefused;
}

/** For a person who may use the host. */
function OnHost() {
  const { t } = useLabels();
  return (
    <>
      <CopyField label={t('connection.unauthorized_link')} value="muster dashboard" />
      <Dim as="p">{t('connection.unauthorized_text')}</Dim>
      <Facts facts={KEY_FILES.map(([system, file]) => [t(`settings.platform_${system}`), <Path key={system} path={file} />])} />
      <Dim as="p">{t('connection.unauthorized_folder')}</Dim>
    </>
  );
}
