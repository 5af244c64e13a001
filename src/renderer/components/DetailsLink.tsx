// A link that opens the drawer of a node or a job. The table keeps its search and sort.
import type { ReactNode } from 'react';
import { hrefOf, type PageName } from '../routes';
import { useRoute } from '../store/use-route';

export interface DetailsLinkProps {
  readonly page: PageName;
  readonly id: string;
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function DetailsLink({ page, id, label, className, children }: DetailsLinkProps) {
  const route = useRoute();
  return (
    <a className={className} href={hrefOf({ ...route, page, id })} aria-label={label}>
      {children}
    </a>
  );
}
