// The results of the palette: a list of options in groups. The matching letters are bold.
import { useEffect, useRef } from 'react';
import type { Command } from '../../components/commands/commands';
import { Icon } from '../../components/Icon';
import { useLabels } from '../../i18n/use-labels';
import { PageIcon } from '../icons';
import type { ResultGroup, ResultItem } from './results';
import classes from './Palette.module.css';

export interface PaletteResultsProps {
  readonly id: string;
  readonly groups: readonly ResultGroup[];
  /** The position among the items of all groups. */
  readonly chosen: number;
  readonly onChoose: (position: number) => void;
  readonly onRun: (command: Command) => void;
}

export function PaletteResults({ id, groups, chosen, onChoose, onRun }: PaletteResultsProps) {
  const { t } = useLabels();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, groups]);
  const starts = groups.map((_group, i) => groups.slice(0, i).reduce((sum, { items }) => sum + items.length, 0));
  return (
    <div ref={list} id={id} role="listbox" aria-label={t('palette.list')} className={classes['list']}>
      {groups.map(({ group, items }, g) => (
        <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
          <div id={`${id}-${group}`} role="presentation" className={classes['group']}>
            {t(`palette.group.${group}`)}
          </div>
          {items.map((item, i) => {
            const position = (starts[g] ?? 0) + i;
            return (
              <Option
                key={item.command.id}
                id={`${id}-${String(position)}`}
                item={item}
                isChosen={position === chosen}
                onChoose={() => onChoose(position)}
                onRun={() => onRun(item.command)}
              />
            );
          })}
        </div>
      ))}
      {groups.length === 0 && <p className={classes['none']}>{t('palette.none')}</p>}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly item: ResultItem;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onRun: () => void;
}

function Option({ id, item: { command, marks }, isChosen, onChoose, onRun }: OptionProps) {
  return (
    // The keys are those of the field, which has the focus.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      className={classes['option']}
      onMouseMove={isChosen ? undefined : onChoose}
      onClick={onRun}
    >
      <span className={classes['icon']}>{command.icon ?? <GroupIcon group={command.group} />}</span>
      <span className={classes['title']}>
        <Marked text={command.title} marks={marks} />
      </span>
      {command.detail !== undefined && <span className={classes['detail']}>{command.detail}</span>}
    </div>
  );
}

/** Of a command without its own. */
const GroupIcon = ({ group }: Pick<Command, 'group'>) => (group === 'actions' ? <Icon name="act" /> : <PageIcon page={PAGE_OF[group]} />);

const PAGE_OF = { nodes: 'nodes', models: 'models', jobs: 'jobs', pages: 'computer' } as const;

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly number[] }) {
  return runsOf(text, new Set(marks)).map(({ from, part, isMarked }) =>
    isMarked ? <b key={from}>{part}</b> : <span key={from}>{part}</span>,
  );
}

interface TextRun {
  readonly from: number;
  readonly part: string;
  readonly isMarked: boolean;
}

/** Neighbouring letters of one kind are one run. */
function runsOf(text: string, marks: ReadonlySet<number>): readonly TextRun[] {
  const starts = Array.from({ length: text.length }, (_, i) => i).filter((i) => i === 0 || marks.has(i) !== marks.has(i - 1));
  return starts.map((from, i) => ({ from, part: text.slice(from, starts[i + 1]), isMarked: marks.has(from) }));
}
