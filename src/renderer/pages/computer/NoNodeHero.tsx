// A scheduler that runs without a node: what this program does, where the pool is shown, and what makes this computer a node.
import { Button } from '@mantine/core';
import { CopyField } from '../../components/CopyField';
import { Hero } from '../../components/Hero';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';

export function NoNodeHero() {
  const { t } = useLabels();
  return (
    <Hero
      label={t('hero.label')}
      shape="offline"
      title={t('no_node.title')}
      actions={
        <>
          <Button component="a" href={hrefOf({ page: 'pool' })}>
            {t('no_node.pool')}
          </Button>
          <Button variant="default" component="a" href={hrefOf({ page: 'nodes' })}>
            {t('no_node.nodes')}
          </Button>
        </>
      }
      reasons={[
        <>
          <p>{t('no_node.become')}</p>
          <CopyField label={t('no_node.become')} hideLabel value="muster pool" />
        </>,
      ]}
    >
      <p>{t('no_node.text')}</p>
    </Hero>
  );
}
