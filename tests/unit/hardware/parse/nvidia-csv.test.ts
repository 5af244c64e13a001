import { describe, expect, it } from 'vitest';
import { ALL_FIELDS, BASIC_FIELDS, parseNvidiaCsv, parseReading, queryArguments } from '../../../../src/main/hardware/parse/nvidia-csv';
import { fixtureText } from '../fixtures';

const parse = (path: string) => parseNvidiaCsv(fixtureText(path), ALL_FIELDS);

describe('parseNvidiaCsv', () => {
  it('idle card -> 0 % and 0 MiB, not unknown', () => {
    expect(parse('nvidia/h100-idle.csv')).toEqual({
      rows: [
        {
          index: 0,
          uuid: 'GPU-00000000-0000-0000-0000-000000000000',
          name: 'NVIDIA H100 80GB HBM3',
          busAddress: '0000:00:06.0',
          driverVersion: '580.159.04',
          memoryTotalMib: { known: true, value: 81559 },
          memoryUsedMib: { known: true, value: 0 },
          utilizationPercent: { known: true, value: 0 },
          temperatureC: { known: true, value: 50 },
          powerW: { known: true, value: 76.95 },
          powerLimitW: { known: true, value: 700 },
          mig: false,
        },
      ],
      problems: [],
    });
  });

  it('busy card', () => {
    const [row] = parse('nvidia/h100-busy.csv').rows;
    expect([row?.utilizationPercent, row?.memoryUsedMib]).toEqual([
      { known: true, value: 100 },
      { known: true, value: 21363 },
    ]);
  });

  it.each([
    ['0', { known: true, value: 0 }],
    ['76.95', { known: true, value: 76.95 }],
    ['[N/A]', { known: false, reason: 'not_reported', detail: '[N/A]' }],
    ['N/A', { known: false, reason: 'not_reported', detail: 'N/A' }],
    ['[Not Supported]', { known: false, reason: 'not_supported', detail: '[Not Supported]' }],
    ['[Unknown Error]', { known: false, reason: 'error', detail: '[Unknown Error]' }],
    ['[GPU requires reset]', { known: false, reason: 'error', detail: '[GPU requires reset]' }],
    ['1e99', { known: false, reason: 'error', detail: '1e99' }],
    ['Infinity', { known: false, reason: 'error', detail: 'Infinity' }],
    ['', { known: false, reason: 'not_reported', detail: null }],
  ])("token %j -> reading with the driver's token as the detail", (token, reading) => {
    expect(parseReading(token)).toEqual(reading);
  });

  it('utilization above 100 and negative power -> unknown', () => {
    const [row] = parseNvidiaCsv('0, GPU-1, X, 00000000:01:00.0, 1, 100, 0, 101, 30, -3, [N/A], [N/A]', ALL_FIELDS).rows;
    expect([row?.utilizationPercent.known, row?.powerW.known]).toEqual([false, false]);
  });

  it('invalid lines -> problems, valid rows kept', () => {
    const { rows, problems } = parseNvidiaCsv(
      `garbage\n${fixtureText('nvidia/h100-idle.csv')}x, GPU-1, X, 1, 1, 1, 1, 1, 1, 1, 1, 1\n`,
      ALL_FIELDS,
    );
    expect(rows.map((row) => row.index)).toEqual([0]);
    expect(problems).toEqual([
      { line: 1, problem: '1 columns instead of 12', text: 'garbage' },
      { line: 3, problem: 'index is not a number', text: 'x, GPU-1, X, 1, 1, 1, 1, 1, 1, 1, 1, 1' },
    ]);
  });

  it('older driver -> basic fields, the rest not reported', () => {
    const { rows } = parseNvidiaCsv('0, GPU-1, Tesla K80, 00000000:01:00.0, 390.1, 11441, 0, 0, 30, 26.1', BASIC_FIELDS);
    expect(rows[0]).toMatchObject({ name: 'Tesla K80', powerLimitW: { known: false, reason: 'not_reported' }, mig: false });
  });

  it('queryArguments: exactly the parsed fields', () => {
    expect(queryArguments(ALL_FIELDS)[0]?.split('=')[1]?.split(',')).toEqual([...ALL_FIELDS]);
  });
});
