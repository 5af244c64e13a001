// The state of the cluster. While the page has no connection it is the last one that is known.
import { Hero, type HeroProps } from '../../components/Hero';
import { useLabels } from '../../i18n/use-labels';
import { useLastKnownAt } from '../../store/use-pool-lost';

export type StateHeroProps = Omit<HeroProps, 'label' | 'title'> & { readonly title: string };

export function StateHero({ title, shape, ...rest }: StateHeroProps) {
  const { t } = useLabels();
  const isLast = useLastKnownAt() !== null;
  return (
    <Hero
      {...rest}
      label={t('cluster.state')}
      shape={isLast ? 'disconnected' : shape}
      title={isLast ? t('connection.last_known', { state: title }) : title}
    />
  );
}
