import { expect, test } from 'vitest';
import { fenceSql } from '../../../../../../src/main/scheduler/database/postgres/core/leader-term';

test('fence: epoch and holder of the term, with a lock on the key, and the number of the write', () => {
  const sql = fenceSql({ epoch: 7, holder: "Ada's PC#1", timeline: '00000001' }, 12);
  expect(sql).toContain("SELECT epoch, 12 FROM leader WHERE id = 1 AND epoch = 7 AND holder = 'Ada''s PC#1' FOR KEY SHARE");
});
