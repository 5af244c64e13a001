// The lists of the page below their headings. Pure.
import type { AppJobs } from '../../../shared/api/app-job';
import type { Answer } from '../../queries/use-answer';
import type { JobGroup } from './job-filters';

/** The jobs of one heading. */
export interface Section {
  readonly title: JobGroup | 'finished';
  readonly answer: Answer<AppJobs>;
  /** The number of all jobs of the section. Null: not known. */
  readonly count: number | null;
}

/** Sections are read one after another, so a job that moves on meanwhile is in two of them: it is shown in the later one only. */
export const eachOnce = (sections: readonly Section[]): readonly Section[] =>
  sections.map((section, index) => {
    const { value } = section.answer;
    const later = new Set(sections.slice(index + 1).flatMap(({ answer }) => answer.value?.jobs.map(({ job_id: id }) => id) ?? []));
    if (value === null || later.size === 0) return section;
    return { ...section, answer: { ...section.answer, value: { ...value, jobs: value.jobs.filter(({ job_id: id }) => !later.has(id)) } } };
  });
