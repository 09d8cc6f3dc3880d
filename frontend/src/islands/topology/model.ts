// From the server's graph to nested boxes: each cluster holds its branches, a branch its tasks and
// inner clusters in the order in which they run.

export interface GraphNode {
  readonly uid: string;
  readonly type: string;
  readonly task?: { readonly id?: string; readonly type?: string };
  readonly taskRun?: { readonly state?: { readonly current?: string } };
  readonly values?: readonly string[];
  readonly relationType?: string;
  readonly error?: boolean;
}

export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  readonly relation?: { readonly relationType?: string; readonly value?: string };
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly clusters: readonly {
    readonly cluster: GraphNode;
    readonly nodes: readonly string[];
    readonly parents: readonly string[];
    readonly start: string;
    readonly end: string;
  }[];
}

/** A task, a trigger, or a cluster with what is in it. */
export interface Item {
  readonly uid: string;
  readonly node: GraphNode;
  readonly inner: Box | undefined;
}

export interface Box {
  readonly uid: string;
  /** The flowable itself, which comes before its branches. */
  readonly head: Item | undefined;
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** Ranks: what stands in one comes before what stands in the next. */
  readonly rows: readonly (readonly Item[])[];
  readonly links: readonly { readonly from: Item; readonly to: Item }[];
  readonly label: string;
  readonly isError: boolean;
}

const INNER = /Cluster(Root|End)$/;

export function boxOf(graph: Graph): { root: Box; triggers: Box | undefined } {
  const nodes = new Map(graph.nodes.map((node) => [node.uid, node]));
  const clusters = new Map(graph.clusters.map((each) => [each.cluster.uid, each]));
  /** Of every node the cluster that it lies in directly; ends of a cluster stand for it outside. */
  const home = new Map<string, string>();
  const stands = new Map<string, string>();
  for (const each of graph.clusters) {
    const { uid } = each.cluster;
    for (const name of each.nodes) if (!isEnd(name, clusters, uid)) home.set(name, uid);
    stands.set(each.start, uid);
    stands.set(each.end, uid);
  }
  const members = new Map<string, string[]>([["", []]]);
  const place = (uid: string, where: string): void => {
    const found = members.get(where);
    if (found) found.push(uid);
    else members.set(where, [uid]);
  };
  for (const node of graph.nodes) {
    const cluster = stands.get(node.uid);
    if (cluster !== undefined) {
      if (node.uid === clusters.get(cluster)?.start) place(cluster, clusters.get(cluster)?.parents.at(-1) ?? "");
    } else if (!INNER.test(node.type)) {
      place(node.uid, home.get(node.uid) ?? "");
    }
  }
  const edges = edgesWithin(graph.edges, members, stands);
  const build = (uid: string, own: readonly string[]): Box => {
    const items = own.map((each): Item => {
      const cluster = clusters.get(each);
      const inner = cluster ? build(each, members.get(each) ?? []) : undefined;
      const node = inner?.head?.node ?? cluster?.cluster ?? (nodes.get(each) as GraphNode);
      return { uid: each, node, inner };
    });
    const first = uid && uid !== "cluster_Triggers" ? items.find((item) => isHead(item, uid)) : undefined;
    const rest = items.filter((item) => item !== first);
    return { uid, head: first, branches: branchesOf(rest, edges.get(uid) ?? []) };
  };
  const top = members.get("") ?? [];
  const triggers = top.includes("cluster_Triggers") ? build("cluster_Triggers", members.get("cluster_Triggers") ?? []) : undefined;
  return { root: build("", top.filter((uid) => uid !== "cluster_Triggers")), triggers };
}

/** By cluster the edges between what lies in it directly. */
function edgesWithin(
  all: readonly GraphEdge[],
  members: ReadonlyMap<string, readonly string[]>,
  stands: ReadonlyMap<string, string>,
): Map<string, GraphEdge[]> {
  const parent = new Map<string, string>();
  for (const [where, uids] of members) for (const uid of uids) parent.set(uid, where);
  const edges = new Map<string, GraphEdge[]>();
  for (const edge of all) {
    const source = stands.get(edge.source) ?? edge.source;
    const target = stands.get(edge.target) ?? edge.target;
    const where = parent.get(source);
    if (source === target || where === undefined || where !== parent.get(target)) continue;
    const found = edges.get(where);
    if (found) found.push({ ...edge, source, target });
    else edges.set(where, [{ ...edge, source, target }]);
  }
  return edges;
}

function isEnd(name: string, clusters: ReadonlyMap<string, Graph["clusters"][number]>, uid: string): boolean {
  const own = clusters.get(uid);
  return name === own?.start || name === own?.end;
}

/** A cluster `cluster_root.a` stands for the task `root.a.a`. */
function isHead(item: Item, cluster: string): boolean {
  const path = cluster.replace(/^cluster_/, "");
  return !item.inner && item.uid === `${path}.${path.split(".").pop() ?? ""}`;
}

/** What hangs together is a branch; inside it the longest way from the start gives the row. */
function branchesOf(items: readonly Item[], edges: readonly GraphEdge[]): Branch[] {
  const byUid = new Map(items.map((item) => [item.uid, item]));
  const own = edges.filter((edge) => byUid.has(edge.source) && byUid.has(edge.target));
  const next = new Map<string, string[]>();
  const count = new Map<string, number>(items.map((item) => [item.uid, 0]));
  const group = new Map<string, string>(items.map((item) => [item.uid, item.uid]));
  const find = (uid: string): string => {
    let at = uid;
    while (group.get(at) !== at) at = group.get(at) as string;
    group.set(uid, at);
    return at;
  };
  for (const { source, target } of own) {
    const found = next.get(source);
    if (found) found.push(target);
    else next.set(source, [target]);
    count.set(target, (count.get(target) ?? 0) + 1);
    group.set(find(target), find(source));
  }
  const rank = new Map<string, number>();
  const ready = items.filter((item) => count.get(item.uid) === 0).map((item) => item.uid);
  for (const uid of ready) rank.set(uid, 0);
  for (let at = 0; at < ready.length; at += 1) {
    const uid = ready[at] as string;
    for (const target of next.get(uid) ?? []) {
      rank.set(target, Math.max(rank.get(target) ?? 0, (rank.get(uid) ?? 0) + 1));
      const left = (count.get(target) ?? 1) - 1;
      count.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const rows = new Map<string, Item[][]>();
  for (const item of items) {
    const key = find(item.uid);
    const found = rows.get(key) ?? [];
    rows.set(key, found);
    (found[rank.get(item.uid) ?? 0] ??= []).push(item);
  }
  const links = new Map<string, { from: Item; to: Item }[]>();
  for (const { source, target } of own) {
    const link = { from: byUid.get(source) as Item, to: byUid.get(target) as Item };
    const found = links.get(find(source));
    if (found) found.push(link);
    else links.set(find(source), [link]);
  }
  return [...rows].map(([key, found]) => branchOf(found, links.get(key) ?? []));
}

function branchOf(rows: readonly (readonly Item[])[], links: Branch["links"]): Branch {
  const first = rows[0]?.[0]?.node;
  const relation = first?.relationType ?? "";
  const isError = first?.error === true || relation === "ERROR";
  const value = first?.values?.[0] ?? "";
  const label = isError ? "errors" : relation === "FINALLY" ? "finally" : value;
  return { rows, links, label, isError };
}
