// The programs that are used most; closed below, the others and the kinds of tasks, one group in each row. A narrow window has a field with
// all. A ring marks a task that no ready model supports.
import { NativeSelect } from '@mantine/core';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import { modelsFor } from '../../components/connect/entry-models';
import { COPY_AS, PROGRAM_GROUPS, PROGRAMS, programsIn } from '../../components/connect/programs/table';
import { TASK_GROUPS, TASKS, tasksIn } from '../../components/connect/tasks/table';
import { Dim } from '../../components/Dim';
import { Disclosure } from '../../components/Disclosure';
import { StatusShape } from '../../components/StatusShape';
import { fieldGroups, GroupNav, type NavGroup } from '../../components/GroupNav';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { goTo } from '../../store/use-route';
import type { Entry } from './entries';
import classes from './ConnectPage.module.css';

export function EntryPicker({ chosen, ready }: { readonly chosen: Entry; readonly ready: readonly ReadyPoolModel[] }) {
  const { t, format } = useLabels();
  const programs = programGroups(t);
  const tasks = taskGroups(t, ready);
  const all = [...programs, ...tasks].flatMap(({ links }) => links);
  // One of the others is shown here while it is chosen.
  const shown = [
    ...COPY_AS.flatMap((id) => all.filter((link) => link.id === id)),
    ...all.filter(({ id }) => id === chosen.id && !isCommon(id)),
  ];
  const rest = withoutCommon(programs);
  const hidden = [...rest, ...tasks].flatMap(({ links }) => links);
  return (
    <>
      <h2 className={classes['title']}>{t('connect.choose')}</h2>
      <div className={classes['picker']}>
        <GroupNav
          layout="rows"
          label={t('connect.common')}
          groups={[{ id: 'common', title: t('connect.common'), links: shown }]}
          chosen={chosen.id}
        />
        <Disclosure title={t('connect.more_entries')} summary={format.number(hidden.length)}>
          <div className={classes['more']}>
            <div>
              <div className={classes['label']}>{t('program.title')}</div>
              <GroupNav layout="rows" label={t('program.title')} groups={rest} chosen={chosen.id} />
            </div>
            <div>
              <div className={classes['label']}>{t('pool_task.title')}</div>
              <GroupNav layout="rows" label={t('pool_task.title')} groups={tasks} chosen={chosen.id} />
              {tasks.some(({ links }) => links.some(({ isEmpty }) => isEmpty === true)) && (
                <Dim as="p">
                  <StatusShape shape="offline" size={9} /> {t('connect.empty_tasks')}
                </Dim>
              )}
            </div>
          </div>
        </Disclosure>
      </div>
      <NativeSelect
        className={classes['select'] ?? ''}
        aria-label={t('connect.entries')}
        value={chosen.id}
        onChange={(event) => goTo({ page: 'connect', id: event.currentTarget.value })}
        data={fieldGroups([...programs, ...tasks])}
      />
    </>
  );
}

const isCommon = (id: string): boolean => COPY_AS.some((common) => common === id);

const withoutCommon = (groups: readonly NavGroup[]): readonly NavGroup[] =>
  groups.map((group) => ({ ...group, links: group.links.filter(({ id }) => !isCommon(id)) })).filter(({ links }) => links.length > 0);

const hrefTo = (id: string): string => hrefOf({ page: 'connect', id });

const programGroups = (t: Labels['t']): readonly NavGroup[] =>
  PROGRAM_GROUPS.map((group) => ({
    id: group,
    title: t(`program.group.${group}`),
    links: programsIn(group).map((id) => ({ id, name: PROGRAMS[id].name, href: hrefTo(id) })),
  }));

const taskGroups = (t: Labels['t'], ready: readonly ReadyPoolModel[]): readonly NavGroup[] =>
  TASK_GROUPS.map((group) => ({
    id: group,
    title: t(`pool_task.group.${group}`),
    links: tasksIn(group).map((id) => ({
      id,
      name: t(`pool_task.name.${id}`),
      href: hrefTo(id),
      isEmpty: modelsFor(ready, TASKS[id].task).models.length === 0,
    })),
  }));
