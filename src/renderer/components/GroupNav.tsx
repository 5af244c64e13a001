// The parts of a page as links in groups, beside the part that is shown. The page of a narrow window has a field instead.
import { StatusShape } from './StatusShape';
import classes from './GroupNav.module.css';

export interface NavGroup {
  readonly id: string;
  readonly title: string;
  readonly links: readonly NavLink[];
}

export interface NavLink {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  /** Of the matches of a search. Undefined: no search. */
  readonly matches?: number | undefined;
  /** What the part needs is missing: a hollow ring marks it. */
  readonly isEmpty?: boolean;
}

export interface GroupNavProps {
  readonly label: string;
  readonly groups: readonly NavGroup[];
  /** The id of the link whose part is shown. */
  readonly chosen: string | null;
  /** `rows`: one group in each row, above the part. */
  readonly layout?: 'list' | 'rows';
  readonly className?: string | undefined;
}

/** The same, for the field of a narrow window. */
export const fieldGroups = (groups: readonly NavGroup[]) =>
  groups.map(({ title, links }) => ({ group: title, items: links.map(({ id, name }) => ({ value: id, label: name })) }));

export function GroupNav({ label, groups, chosen, layout = 'list', className = '' }: GroupNavProps) {
  return (
    <nav className={`${classes['nav'] ?? ''} ${className}`} data-layout={layout} aria-label={label}>
      {groups.map(({ id: group, title, links }) => (
        <div key={group}>
          <h2>{title}</h2>
          <div className={classes['links']}>
            {links.map(({ id, name, href, matches, isEmpty = false }) => (
              <a
                key={id}
                href={href}
                aria-current={id === chosen ? 'true' : undefined}
                data-empty={matches === 0 || isEmpty ? '' : undefined}
              >
                {name}
                {isEmpty && <StatusShape shape="offline" size={9} />}
                {matches !== undefined && matches > 0 && <i>{matches}</i>}
              </a>
            ))}
          </div>
        </div>
      ))}
    </nav>
  );
}
