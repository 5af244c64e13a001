// Which changes are notified, how often, and with which words.
import { describe, expect, test } from 'vitest';
import { NO_NOTICES, takeDue } from '../../../../src/main/desktop/core/notice-queue';
import { noticeText } from '../../../../src/main/desktop/core/notice-text';
import { type Notice, noticesOf, type NoticeState } from '../../../../src/main/desktop/core/notices';
import { parseRoute } from '../../../../src/renderer/routes';
import { type AppState, stateOf } from '../../../../src/shared/api/app-state';
import { agentView, refused } from '../../../fixtures/app-states/agents';
import { nodeView, poolSummary, sixNodes } from '../../../fixtures/app-states/nodes';
import { pausedByFullScreen, pausedByOwner } from '../../../fixtures/app-states/pauses';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { appState, hosting } from '../../../fixtures/app-states/states';
import { joinRequest } from '../../../fixtures/app-states/trust';

const host = (change: Parameters<typeof hosting>[0] = {}): AppState => stateOf(hosting(change));
const other = nodeView('ready', { node_id: 'node-0THER000', name: 'render-03' });
const lost = { ...other, online: false, status: 'offline' as const, reason_code: 'heartbeat_timeout' };
const phase = (state: string) => ({ phase: { state, version: '1.2.0' } });
const joined = stateOf(appState({ pool: joinedPool(), nodes: sixNodes() }));

describe('changes', () => {
  test.each<[string, NoticeState | null, NoticeState, readonly Notice[]]>([
    ['first state of the program -> none', null, host({ nodes: [other], join_requests: [joinRequest()] }), []],
    ['new node in the hosted pool', host(), host({ nodes: [...sixNodes(), other] }), [{ kind: 'joined', name: 'render-03' }]],
    ['the own node -> none', host({ nodes: [] }), host({ nodes: [nodeView('ready', { node_id: agentView().node_id ?? '' })] }), []],
    [
      'nodes of a scheduler that started again -> none',
      host(),
      host({ pool: poolSummary({ started_at: poolSummary().started_at + 1 }), nodes: [...sixNodes(), other] }),
      [],
    ],
    ['node in the pool of others -> none', joined, { ...joined, nodes: new Map([...joined.nodes, [other.node_id, other]]) }, []],
    ['heartbeat timeout', host({ nodes: [other] }), host({ nodes: [lost] }), [{ kind: 'node_lost', name: 'render-03' }]],
    ['node that was lost before -> none', host({ nodes: [lost] }), host({ nodes: [{ ...lost, since: 1 }] }), []],
    ['node that stopped in order -> none', host({ nodes: [other] }), host({ nodes: [{ ...lost, reason_code: 'drain_complete' }] }), []],
    ['node removed -> none', host({ nodes: [other] }), host({ nodes: [] }), []],
    ['request to join', host(), host({ join_requests: [joinRequest()] }), [{ kind: 'join_request', name: joinRequest().name }]],
    [
      'the same request, approved -> none',
      host({ join_requests: [joinRequest()] }),
      host({ join_requests: [joinRequest({ approved: true })] }),
      [],
    ],
    ['rule pauses', host(), host({ agent: pausedByFullScreen().agent }), [{ kind: 'paused', code: 'full_screen', detail: 'Factorio' }]],
    ['owner pauses -> none', host(), host({ agent: pausedByOwner().agent }), []],
    ['rule joins the pause of the owner -> none', host({ agent: pausedByOwner().agent }), host({ agent: pausedByFullScreen().agent }), []],
    [
      'rule without a pool -> none',
      host({ agent: agentView({ link: { state: 'idle' } }) }),
      host({ agent: { ...pausedByFullScreen().agent, link: { state: 'idle' } } }),
      [],
    ],
    ['pool refuses this computer', host(), host({ agent: agentView({ link: refused('REMOVED') }) }), [{ kind: 'node_lost', name: null }]],
    ['no GPU -> none', host(), host({ agent: agentView({ link: refused('NO_GPU_AVAILABLE') }) }), []],
    ['update found', host(), { ...host(), update: phase('available') }, [{ kind: 'update', version: '1.2.0', isReady: false }]],
    ['the same update -> none', { ...host(), update: phase('available') }, { ...host(), update: phase('available') }, []],
    [
      'newer update in place of the one before',
      { ...host(), update: phase('available') },
      { ...host(), update: { phase: { state: 'available', version: '1.3.0' } } },
      [{ kind: 'update', version: '1.3.0', isReady: false }],
    ],
    [
      'update downloaded',
      { ...host(), update: phase('downloading') },
      { ...host(), update: phase('ready') },
      [{ kind: 'update', version: '1.2.0', isReady: true }],
    ],
    ['update fails -> none', { ...host(), update: phase('downloading') }, { ...host(), update: phase('failed') }, []],
  ])('notices: %s', (_title, before, after, notices) => {
    expect(noticesOf(before, after, null)).toEqual(notices);
  });

  test.each<[string, string | null, readonly Notice['kind'][]]>([
    ['not in front', null, ['join_request', 'update']],
    ['in front', '#/nodes', ['update']],
    ['in front, shows the update', '#/settings/updates', []],
  ])('window %s -> no notice of what it shows', (_title, shownHash, kinds) => {
    const after = { ...host({ join_requests: [joinRequest()] }), update: phase('available') };
    expect(noticesOf(host(), after, shownHash).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('queue', () => {
  const failed = (modelId: string): Notice => ({ kind: 'job_failed', modelId, code: 'timeout' });

  test('first notice of a kind -> at once; later ones -> together after a minute; then quiet again', () => {
    const first = takeDue(NO_NOTICES, [failed('a')], 1000);
    expect(first).toMatchObject({ due: [[failed('a')]], nextAtMonotonicMs: null });
    const second = takeDue(first.queue, [failed('b')], 2000);
    expect(second).toMatchObject({ due: [], nextAtMonotonicMs: 61_000 });
    const third = takeDue(second.queue, [failed('c'), failed('b')], 30_000);
    expect(third).toMatchObject({ due: [], nextAtMonotonicMs: 61_000 });
    const due = takeDue(third.queue, [], 61_000);
    expect(due).toMatchObject({ due: [[failed('b'), failed('c'), failed('b')]], nextAtMonotonicMs: null });
    const end = takeDue(due.queue, [], 121_000);
    expect(end.queue.size).toBe(0);
  });

  test('another kind -> does not wait', () => {
    const { queue } = takeDue(NO_NOTICES, [failed('a')], 0);
    expect(takeDue(queue, [{ kind: 'join_request', name: 'x' }], 1).due).toEqual([[{ kind: 'join_request', name: 'x' }]]);
  });

  test('flood -> bounded', () => {
    let { queue } = takeDue(NO_NOTICES, [failed('a')], 0);
    for (let i = 0; i < 1000; i++) ({ queue } = takeDue(queue, [failed(String(i))], 1));
    expect(takeDue(queue, [], 60_000).due[0]).toHaveLength(100);
  });
});

describe('texts', () => {
  const NOTICES: readonly (readonly [Notice, ...Notice[]])[] = [
    [{ kind: 'joined', name: 'render-03' }],
    [{ kind: 'join_request', name: 'desk-noa' }],
    [{ kind: 'job_failed', modelId: 'whisper-large-v3', code: 'runtime_http_503' }],
    [{ kind: 'node_lost', name: 'render-03' }],
    [{ kind: 'node_lost', name: null }],
    [{ kind: 'pool_full', waiting: 12, nodes: 3 }],
    [{ kind: 'pool_full', waiting: 1, nodes: 1 }],
    [{ kind: 'paused', code: 'full_screen', detail: 'Factorio' }],
    [{ kind: 'update', version: '1.2.0', isReady: false }],
    [
      { kind: 'update', version: '1.2.0', isReady: false },
      { kind: 'update', version: '1.2.0', isReady: true },
    ],
    [
      { kind: 'job_failed', modelId: 'a', code: 'timeout' },
      { kind: 'job_failed', modelId: 'b', code: 'timeout' },
      { kind: 'job_failed', modelId: 'a', code: 'timeout' },
    ],
    ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => ({ kind: 'node_lost', name })) as [Notice, ...Notice[]],
  ];

  test('each notice in both languages, with a page that exists', () => {
    const shown = NOTICES.map((notices) => {
      const { title, body, hash } = noticeText(notices, 'en');
      return [title, body, hash];
    });
    expect(shown).toEqual([
      ['render-03 joined the pool', 'The node gets jobs when its checks have passed.', '#/nodes'],
      ['desk-noa asks to join the pool', 'Compare the six digits on both screens.', '#/members'],
      ['A job failed here', 'whisper-large-v3: the model server responded with HTTP 503', '#/jobs?status=failed'],
      ['Node lost: render-03', 'The node sends no heartbeat. Its jobs go to other nodes.', '#/nodes?state=offline'],
      ['The pool refuses this computer', 'Open Muster to read the reason.', '#/computer'],
      ['The pool is full', '12 jobs wait: all 3 nodes are full or busy.', '#/jobs?status=queued'],
      ['The pool is full', '1 job waits: the only node is full or busy.', '#/jobs?status=queued'],
      ['Paused: full-screen program (Factorio)', 'Sharing resumes when the rule no longer applies.', '#/computer'],
      ['Muster 1.2.0 is available', 'Open Settings to download it.', '#/settings/updates'],
      ['Muster 1.2.0 is ready to install', 'Open Settings to install it.', '#/settings/updates'],
      ['3 jobs failed here', 'a, b', '#/jobs?status=failed'],
      ['5 nodes lost', 'n1, n2, n3 and 2 more', '#/nodes'],
    ]);
    expect(shown.map(([, , hash = '']) => parseRoute(hash).page)).toEqual([
      'nodes',
      'members',
      'jobs',
      'nodes',
      'computer',
      'jobs',
      'jobs',
      'computer',
      'settings',
      'settings',
      'jobs',
      'nodes',
    ]);
    expect(NOTICES.map((notices) => noticeText(notices, 'zh').title)).toEqual([
      'render-03 已加入算力池',
      'desk-noa 请求加入算力池',
      '本机有任务失败',
      '节点失联：render-03',
      '算力池拒绝了本机',
      '算力池已满',
      '算力池已满',
      '已暂停：有全屏程序（Factorio）',
      '有新版本 Muster 1.2.0',
      'Muster 1.2.0 可以安装',
      '本机有 3 个任务失败',
      '5 个节点失联',
    ]);
  });

  test('name with markup and control characters -> no markup, one line, bounded', () => {
    const { title } = noticeText([{ kind: 'join_request', name: `<a href="x">\u202eclick\n&amp;</a>${'y'.repeat(300)}` }], 'en');
    expect(title).toMatch(/^‹a href="x"›click＆amp;‹\/a›y{20,} asks to join the pool$/);
    expect(title.length).toBeLessThan(100);
  });

  test('name with characters without a shape -> without them; a name of nothing else -> a question mark', () => {
    const invisible = '\u200f\u061c\u200b\u2066\u00ad\ufeff\u2060\u3164\u{e0041}';
    const titleOf = (name: string): string => noticeText([{ kind: 'node_lost', name }], 'en').title;
    expect(titleOf(`${invisible.repeat(20)}desk${invisible}-noa${invisible}`)).toBe('Node lost: desk-noa');
    expect(titleOf(invisible)).toBe('Node lost: ?');
    const lost = ['a', `a${invisible}`].map((name) => ({ kind: 'node_lost', name })) as [Notice, ...Notice[]];
    expect(noticeText(lost, 'en').body).toBe('a');
  });
});
