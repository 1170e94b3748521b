// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * /proc/net/tcp6, line by line: listening and connected sockets, those in time-wait, and requests
 * that have not become a socket yet. IPv4 sockets of the same walk are passed over.
 */
#include "kernel.h"

#define TCP_SYN_RECV 3
#define TCP_LISTEN 10

/* icsk_pending */
#define ICSK_TIME_RETRANS 1
#define ICSK_TIME_PROBE0 3
#define ICSK_TIME_LOSS_PROBE 5
#define ICSK_TIME_REO_TIMEOUT 6

#define TCP_INFINITE_SSTHRESH 0x7fffffff

#define NSEC_PER_SEC 1000000000ULL
#define USER_HZ 100 /* clock ticks of user space, on every machine BPF runs on */

extern unsigned int CONFIG_HZ __kconfig;

/*
 * The lines of each session so far. seq_num does not do, as it counts IPv4 sockets too. A socket
 * that comes again, because its line did not fit, comes with the same seq_num and keeps its number.
 */
struct progress {
	__u64 seq_num;
	__u32 line;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* session_id */
	__type(value, struct progress);
} sessions SEC(".maps");

static __always_inline __u32 line_number(struct bpf_iter_meta *meta)
{
	__u64 session = meta->session_id, seq_num = meta->seq_num;
	struct progress *progress = bpf_map_lookup_elem(&sessions, &session);

	if (!progress) {
		struct progress first = {.seq_num = seq_num};

		bpf_map_update_elem(&sessions, &session, &first, 0);
		return 0;
	}
	if (progress->seq_num != seq_num) {
		progress->seq_num = seq_num;
		progress->line++;
	}
	return progress->line;
}

static __always_inline __u64 clock_ticks(long jiffies)
{
	__u64 nsec = (NSEC_PER_SEC + CONFIG_HZ / 2) / CONFIG_HZ;

	return jiffies > 0 ? jiffies * nsec / (NSEC_PER_SEC / USER_HZ) : 0;
}

static __always_inline __u64 ticks_until(unsigned long expires)
{
	return clock_ticks(expires - bpf_jiffies64());
}

/* The references others hold: a batching iterator adds its own, /proc does not. */
static __always_inline int references(const struct sock_common *skc)
{
	return skc->skc_refcnt.refs.counter - bpf_core_type_exists(struct bpf_tcp_iter_state);
}

static __always_inline long print_address(struct seq_file *seq, const struct in6_addr *addr, __be16 port)
{
	const __be32 *word = addr->in6_u.u6_addr32;

	return BPF_SEQ_PRINTF(seq, "%08X%08X%08X%08X:%04X ", word[0], word[1], word[2], word[3], bpf_ntohs(port));
}

static __always_inline long print_addresses(struct seq_file *seq, __u32 line, const struct sock_common *skc,
					    __be16 port)
{
	long err = BPF_SEQ_PRINTF(seq, "%4d: ", line);

	err |= print_address(seq, &skc->skc_v6_rcv_saddr, port);
	return err | print_address(seq, &skc->skc_v6_daddr, skc->skc_dport);
}

/* Since when an acknowledgement waits for data to go with: a sysctl since 6.7, 1 before. */
static __always_inline bool in_pingpong_mode(const struct inet_connection_sock *icsk)
{
	const struct net *net = icsk->icsk_inet.sk.__sk_common.skc_net.net;
	__u8 threshold = 1;

	if (bpf_core_field_exists(net->ipv4.sysctl_tcp_pingpong_thresh))
		threshold = BPF_CORE_READ(net, ipv4.sysctl_tcp_pingpong_thresh);
	return icsk->icsk_ack.pingpong >= threshold;
}

static __always_inline unsigned long retransmit_expires(const struct inet_connection_sock *icsk)
{
	if (bpf_core_field_exists(icsk->icsk_timeout))
		return icsk->icsk_timeout;
	if (bpf_core_field_exists(icsk->icsk_retransmit_timer))
		return icsk->icsk_retransmit_timer.expires;
	return icsk->icsk_inet.sk.tcp_retransmit_timer.expires;
}

static __always_inline bool keepalive_pending(const struct inet_connection_sock *icsk)
{
	if (bpf_core_field_exists(icsk->icsk_keepalive_timer))
		return icsk->icsk_keepalive_timer.entry.pprev;
	return icsk->icsk_inet.sk.sk_timer.entry.pprev;
}

static __always_inline unsigned long keepalive_expires(const struct inet_connection_sock *icsk)
{
	if (bpf_core_field_exists(icsk->icsk_keepalive_timer))
		return icsk->icsk_keepalive_timer.expires;
	return icsk->icsk_inet.sk.sk_timer.expires;
}

static __always_inline long print_socket(struct seq_file *seq, __u32 line, __u32 uid, const struct tcp_sock *tp)
{
	const struct inet_connection_sock *icsk = &tp->inet_conn;
	const struct sock *sk = &icsk->icsk_inet.sk;
	__u8 state = sk->__sk_common.skc_state, pending = icsk->icsk_pending;
	int rx_queue, threshold;
	__u32 timer = 0;
	__u64 when = 0;
	long err;

	if (pending == ICSK_TIME_RETRANS || pending == ICSK_TIME_REO_TIMEOUT || pending == ICSK_TIME_LOSS_PROBE) {
		timer = 1;
		when = ticks_until(retransmit_expires(icsk));
	} else if (pending == ICSK_TIME_PROBE0) {
		timer = 4;
		when = ticks_until(retransmit_expires(icsk));
	} else if (keepalive_pending(icsk)) {
		timer = 2;
		when = ticks_until(keepalive_expires(icsk));
	}

	if (state == TCP_LISTEN) {
		rx_queue = sk->sk_ack_backlog;
		threshold = icsk->icsk_accept_queue.fastopenq.max_qlen;
	} else {
		rx_queue = tp->rcv_nxt - tp->copied_seq;
		if (rx_queue < 0)
			rx_queue = 0;
		threshold = tp->snd_ssthresh >= TCP_INFINITE_SSTHRESH ? -1 : (int)tp->snd_ssthresh;
	}

	err = print_addresses(seq, line, &sk->__sk_common, icsk->icsk_inet.inet_sport);
	err |= BPF_SEQ_PRINTF(seq, "%02X %08X:%08X %02X:%08lX %08X %5u %8d %lu %d ", state,
			      tp->write_seq - tp->snd_una, rx_queue, timer, when, icsk->icsk_retransmits, uid,
			      icsk->icsk_probes_out, socket_inode(sk), references(&sk->__sk_common));
	err |= BPF_SEQ_PRINTF(seq, "%pK %lu %lu %u %u %d\n", tp, clock_ticks(icsk->icsk_rto),
			      clock_ticks(BPF_CORE_READ_BITFIELD(icsk, icsk_ack.ato)),
			      icsk->icsk_ack.quick << 1 | in_pingpong_mode(icsk), tp->snd_cwnd, threshold);
	return err;
}

static __always_inline long print_timewait(struct seq_file *seq, __u32 line, const struct inet_timewait_sock *tw)
{
	long err = print_addresses(seq, line, &tw->__tw_common, tw->tw_sport);

	return err | BPF_SEQ_PRINTF(seq, "%02X 00000000:00000000 03:%08lX 00000000     0        0 0 %d %pK\n",
				    tw->tw_substate, ticks_until(tw->tw_timer.expires),
				    references(&tw->__tw_common), tw);
}

static __always_inline long print_request(struct seq_file *seq, __u32 line, __u32 uid, const struct request_sock *req)
{
	long err = print_addresses(seq, line, &req->__req_common, bpf_htons(req->__req_common.skc_num));

	return err | BPF_SEQ_PRINTF(seq, "%02X 00000000:00000000 01:%08lX %08X %5u        0 0 0 %pK\n", TCP_SYN_RECV,
				    ticks_until(req->rsk_timer.expires), BPF_CORE_READ_BITFIELD(req, num_timeout), uid,
				    req);
}

SEC("iter/tcp")
int dump_tcp6(struct bpf_iter__tcp *ctx)
{
	struct bpf_iter_meta *meta = ctx->meta;
	struct seq_file *seq = meta->seq;
	struct sock_common *skc = ctx->sk_common;
	__u32 uid = ctx->uid;
	long err = 0;

	/* Without any socket the number of the last call is -1, and there is a heading all the same. */
	if (meta->seq_num == (skc ? 0 : -1ULL))
		err = BPF_SEQ_PRINTF(seq, "  sl  local_address                         remote_address                        "
					  "st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n");
	if (!skc || skc->skc_family != AF_INET6)
		return WHOLE(err);

	__u32 line = line_number(meta);
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(skc);

	if (tp)
		return WHOLE(err | print_socket(seq, line, uid, tp));

	struct tcp_timewait_sock *tw = bpf_skc_to_tcp_timewait_sock(skc);

	if (tw)
		return WHOLE(err | print_timewait(seq, line, &tw->tw_sk));

	struct tcp_request_sock *req = bpf_skc_to_tcp_request_sock(skc);

	if (req)
		return WHOLE(err | print_request(seq, line, uid, &req->req.req));
	return WHOLE(err);
}
