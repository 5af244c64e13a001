// The ports of members, keys and joining in memory: they record calls, and answer with fixed views.
import type { JoinRequestView } from '../../src/shared/api/join-requests';
import type { InviteView, KeyView, MemberView } from '../../src/shared/api/members';
import type { NearbyView } from '../../src/shared/api/nearby';
import type { NetworkReport } from '../../src/shared/api/network-report';
import { ok } from '../../src/shared/result';
import type { Done, NearbyPort, TrustPort } from '../../src/main/contracts/ports';
import { Subject } from './subject';

export const joinRequest = (change: Partial<JoinRequestView> = {}): JoinRequestView => ({
  id: '00ff00ff00',
  name: 'new-laptop',
  gpus: [{ name: 'RTX 4070', memory_gb: 12 }],
  roles: ['node', 'client'],
  address: '192.168.1.31',
  digits: '123456',
  looks_like: null,
  approved: false,
  confirmed: false,
  requested_at: 1,
  expires_at: 120_001,
  ...change,
});

const times = { created_at: 1, last_used_at: null, revoked_at: null };
export const memberView = (id: string): MemberView => ({
  ...times,
  id,
  name: 'lab-b',
  roles: ['node'],
  models: null,
  node_id: null,
  connected: false,
  invite_id: null,
});
export const inviteView = (id: string): InviteView => ({
  ...times,
  id,
  name: null,
  roles: ['node'],
  models: null,
  expires_at: 2,
  uses: 0,
  max_uses: 1,
});
export const keyView = (id: string): KeyView => ({
  ...times,
  id,
  name: 'notebook',
  roles: ['client'],
  models: null,
  limits: { requests_per_second: null, megabytes_per_minute: null, max_queued: null, max_streams: null, max_priority: null },
  expires_at: null,
});

export class FakeTrust implements TrustPort {
  readonly calls: unknown[] = [];

  members = () => Promise.resolve(ok([memberView('mem-1')]));
  updateMember: TrustPort['updateMember'] = (id, body) => (
    this.calls.push(['updateMember', id, body]),
    Promise.resolve(ok(memberView(id)))
  );
  revokeMember: TrustPort['revokeMember'] = (id) => (this.calls.push(['revokeMember', id]), Promise.resolve(ok(memberView(id))));
  invites = () => Promise.resolve(ok([inviteView('inv-1')]));
  createInvite: TrustPort['createInvite'] = (body) => {
    this.calls.push(['createInvite', body]);
    const address = { host: '0.0.0.0', port: 7080, secure: true, pin: `sha256-${'a'.repeat(43)}` };
    return Promise.resolve(ok({ id: 'inv-1', name: body.name, key: 'mi_secret', expires_at: 2, address }));
  };
  revokeInvite: TrustPort['revokeInvite'] = (id) => (this.calls.push(['revokeInvite', id]), Promise.resolve(ok(inviteView(id))));
  keys = () => Promise.resolve(ok([keyView('key-1')]));
  createKey: TrustPort['createKey'] = (body) => {
    this.calls.push(['createKey', body]);
    return Promise.resolve(ok({ id: 'key-1', name: body.name, key: 'mk_secret' }));
  };
  updateKey: TrustPort['updateKey'] = (id, body) => (this.calls.push(['updateKey', id, body]), Promise.resolve(ok(keyView(id))));
  revokeKey: TrustPort['revokeKey'] = (id) => (this.calls.push(['revokeKey', id]), Promise.resolve(ok(keyView(id))));
  audit: TrustPort['audit'] = (page) => (this.calls.push(['audit', page]), Promise.resolve(ok({ entries: [], next_before: null })));
  approveJoin: TrustPort['approveJoin'] = (id, roles) => {
    this.calls.push(['approveJoin', id, roles]);
    return Promise.resolve(ok(joinRequest({ id, approved: true })));
  };
  denyJoin: TrustPort['denyJoin'] = (id) => (this.calls.push(['denyJoin', id]), Promise.resolve(ok(undefined)));
}

export const NETWORK_REPORT: NetworkReport = {
  interfaces: [{ name: 'eth0', use: 'announced', addresses: ['192.168.1.20'], ipv4: '192.168.1.20', cidr: '192.168.1.20/24' }],
  multicast: [{ interface: 'eth0', heard_own: true, heard_from: ['192.168.1.31'], fault: null }],
  firewalls: [{ name: 'ufw', state: 'blocks', fixes: ['sudo ufw allow 7080/tcp'] }],
  port: { port: 7080, reachable: true },
  pools: [],
  problems: ['firewall'],
  took_ms: 3010,
};

export class FakeNearby implements NearbyPort {
  readonly calls: unknown[] = [];
  readonly subject = new Subject<NearbyView>();
  present: NearbyView = { is_browsing: false, pools: [], attempt: null };

  view(): NearbyView {
    return this.present;
  }

  subscribe(listener: (view: NearbyView) => void): () => void {
    return this.subject.subscribe(listener);
  }

  change(change: Partial<NearbyView>): void {
    this.present = { ...this.present, ...change };
    this.subject.publish(this.present);
  }

  browse(): void {
    this.calls.push(['browse']);
  }

  join(poolId: string): Done {
    this.calls.push(['join', poolId]);
    return ok(undefined);
  }

  confirm(isSame: boolean): Done {
    this.calls.push(['confirm', isSame]);
    return ok(undefined);
  }

  cancel(): void {
    this.calls.push(['cancel']);
  }
}
