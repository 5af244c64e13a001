// The list of jobs as a file.
import { describe, expect, it } from 'vitest';
import { type JobList, jobSummarySchema, type JobSummary } from '../../../../src/shared/api/job';
import { csvCell } from '../../../../src/shared/csv';
import { exportHead, exportLines, exportPages, MAX_EXPORTED, MAX_PAGES } from '../../../../src/shared/api/job-export';
import { fail, ok } from '../../../../src/shared/result';
import { jobView } from '../../../support/job-views';

const summary = (changes: Partial<JobSummary> = {}): JobSummary => ({ ...jobSummarySchema.parse(jobView()), ...changes });
const job = summary({
  job_id: 'job-1',
  status: 'failed',
  task: { kind: 'openai', path: '/v1/chat/completions', model: '=cmd,"x"', payload_bytes: 12 },
  attempt: 1,
  node_id: 'node-A',
  created_at: Date.UTC(2026, 10, 30, 1, 2, 3),
  started_at: null,
  finished_at: Date.UTC(2026, 10, 30, 1, 2, 4),
  error: { code: 'runtime_error', message: 'secret prompt', details: { stderr_tail: 'secret prompt' } },
  submitter: { id: 'k1', name: '@Anna' },
  retry_of: 'job-0',
});

describe('one job', () => {
  it('csv: a line with a cell for each column, and no message of a program', () => {
    const head = exportHead('csv').slice(1).trimEnd().split(',');
    expect(exportLines('csv', [job])).toBe(
      `job-1,failed,"'=cmd,""x""",/v1/chat/completions,12,0,1,3,node-A,2026-11-30T01:02:03.000Z,,2026-11-30T01:02:04.000Z,runtime_error,k1,'@Anna,job-0\r\n`,
    );
    expect(head).toHaveLength(16);
  });

  it('jsonl: the same values by name, not escaped', () => {
    const line = JSON.parse(exportLines('jsonl', [job])) as Record<string, unknown>;
    expect(Object.keys(line).join(',')).toBe(exportHead('csv').slice(1).trimEnd());
    expect(line).toMatchObject({ model: '=cmd,"x"', submitter: '@Anna', started_at: null, error: 'runtime_error' });
    expect(JSON.stringify(line)).not.toContain('secret');
  });
});

it.each([
  ['qwen3:14b', 'qwen3:14b'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  [-1, '-1'],
  [null, ''],
])('csv cell: %j -> %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

describe('pages', () => {
  const open = { queued: 0, assigned: 0, running: 0 };
  const pageOf = (count: number, next: string | null): JobList => ({
    jobs: Array.from({ length: count }, () => job),
    next_cursor: next,
    open,
  });
  const read = async (pageAt: Parameters<typeof exportPages<string>>[0]) => {
    const pages = [];
    for await (const page of exportPages(pageAt)) pages.push(page.ok ? page.value.length : page.error);
    return pages;
  };

  it('each page begins where the last one ended, also behind an empty one', async () => {
    const pages = new Map([
      [null, pageOf(2, '9')],
      ['9', pageOf(0, '5')],
      ['5', pageOf(1, null)],
    ]);
    expect(await read((cursor) => Promise.resolve(ok(pages.get(cursor) ?? pageOf(99, null))))).toEqual([2, 0, 1]);
  });

  it('more jobs than the limit -> cut there', async () => {
    expect(await read(() => Promise.resolve(ok(pageOf(MAX_EXPORTED - 1, '9'))))).toEqual([MAX_EXPORTED - 1, 1]);
  });

  it('pages without jobs -> a limited number of them', async () => {
    expect(await read(() => Promise.resolve(ok(pageOf(0, '9'))))).toHaveLength(MAX_PAGES);
  });

  it('a page that fails -> the last one', async () => {
    expect(await read((cursor) => Promise.resolve(cursor === null ? ok(pageOf(2, '9')) : fail('gone')))).toEqual([2, 'gone']);
  });
});
