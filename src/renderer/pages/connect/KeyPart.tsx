// The key for programs: created here with one click, or one that the user has. It is filled in everywhere on the page.
import { Button } from '@mantine/core';
import type { PoolTarget } from '../../components/connect/use-connect-target';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { LinkButton } from '../../components/LinkButton';
import { useLabels } from '../../i18n/use-labels';
import type { ProgramKey } from '../../queries/program-key';
import { Fact } from './Fact';
import { KeyForm } from './KeyForm';
import { maskKey } from './key-mask';
import classes from './ConnectPage.module.css';

export interface KeyPartProps {
  readonly target: PoolTarget;
  readonly programKey: ProgramKey;
  /** Of the chosen entry: its key has this name. */
  readonly program: string;
  /** Else it is masked. */
  readonly isShown: boolean;
  readonly onShow: (isShown: boolean) => void;
}

export function KeyPart({ target, programKey, program, isShown, onShow }: KeyPartProps) {
  const { t, gap } = useLabels();
  const { key, pending, error, create, use } = programKey;
  if (!target.needsKey)
    return (
      <Fact label={t('connect.key')}>
        <p>{t('connect.no_key')}</p>
      </Fact>
    );
  if (key !== null)
    return (
      <div className={classes['fact']}>
        <CopyField
          label={t('connect.key')}
          value={key}
          shown={isShown ? key : maskKey(key, key)}
          action={<LinkButton onClick={() => onShow(!isShown)}>{t(isShown ? 'connect.hide_key' : 'connect.show_key')}</LinkButton>}
        />
        <Dim as="p">
          {t('connect.key_shown')}
          {gap}
          <LinkButton onClick={() => use(null)}>{t('connect.other_key')}</LinkButton>
        </Dim>
      </div>
    );
  if (!target.mayCreateKey)
    return (
      <Fact label={t('connect.key')}>
        <p>{t('connect.key_ask')}</p>
        <KeyForm onKey={use} />
        {target.membersUrl !== null && <CopyField label={t('connect.key_members')} value={target.membersUrl} />}
      </Fact>
    );
  const createAndCopy = async (): Promise<void> => {
    const made = await create(program);
    if (made === null) return;
    try {
      await navigator.clipboard.writeText(made);
    } catch {
      // A page over plain HTTP has no clipboard. The key is shown, with its own button.
    }
  };
  return (
    <Fact label={t('connect.key')}>
      <Button size="sm" loading={pending} onClick={() => void createAndCopy()}>
        {t('connect.create_and_copy')}
      </Button>
      <Dim as="p">{t('connect.key_again')}</Dim>
      <ErrorNote error={error} />
      <KeyForm onKey={use} />
    </Fact>
  );
}
