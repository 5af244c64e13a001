// The page behind the https form of a join link: it opens Muster, or gives the command. It sends nothing to the scheduler.
import { Button, Group } from '@mantine/core';
import { useEffect } from 'react';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import classes from './InvitationPage.module.css';

export function InvitationPage({ link }: { readonly link: string | null }) {
  const { t } = useLabels();
  useEffect(() => {
    document.title = `${t('invitation_page.title')} · Muster`;
  }, [t]);
  return (
    <main className={classes['page']}>
      <Card label={t('invitation_page.title')} className={classes['card']}>
        <div className={classes['lines']}>
          <h1>{t('invitation_page.title')}</h1>
          {link === null ? <p>{t('invitation_page.no_key')}</p> : <Steps link={link} />}
        </div>
      </Card>
    </main>
  );
}

function Steps({ link }: { readonly link: string }) {
  const { t } = useLabels();
  return (
    <>
      <p>
        <Rich k="invitation_page.host" values={{ host: hostOf(link) }} />
      </p>
      <Group gap="xs">
        {/* Without a pin there is no muster:// form: the certificate of the host is one that systems trust. */}
        {link.startsWith('muster:') && (
          <Button component="a" href={link}>
            {t('invitation_page.open')}
          </Button>
        )}
        <CopyButton value={link} text={t('invitation.copy_link')} />
      </Group>
      <Dim as="p">{t('invitation_page.not_opened', { install: t('invitation.install') })}</Dim>
      <CopyField label={t('invitation_page.command')} value={`muster join "${link}"`} />
      <Dim as="p">{t('invitation_page.secret')}</Dim>
    </>
  );
}

const hostOf = (link: string): string => /^[a-z]+:\/\/([^/]+)/.exec(link)?.[1] ?? link;
