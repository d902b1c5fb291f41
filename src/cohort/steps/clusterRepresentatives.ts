import { correlationMatrix, cutTree, cutTreeAt, hierarchicalClustering, InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { strengthOf } from "./association.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type ClusterOptions = ColumnsOption & {
  /** number of clusters, or the height at which the tree is cut (default height .5) */
  clusters?: number;
  height?: number;
  /** who stands for a cluster: "medoid" (default) has the largest mean |Spearman| to its members; "outcome" goes most with the outcome */
  representative?: "medoid" | "outcome";
};
export type ClusterState = FilterState & { clusters: { representative: string; members: string[] }[] };

/**
 * Ward clustering (ward.D2) of columns by the distance 1 − |Spearman|, and one representative of each cluster. The tree and its
 * cut agree with R hclust(as.dist(1 − abs(cor(x, method = "spearman"))), "ward.D2") and cutree. Ties go to the first column. Ward 1963;
 * Murtagh & Legendre, J Classif 2014;31:274.
 */
export const clusterRepresentatives: Step<ClusterState> = {
  name: "clusterRepresentatives",
  fit(table, outcome, options: ClusterOptions) {
    const names = fittedColumns("clusterRepresentatives", table, options);
    const x = names.map((name) => completeNumbers("clusterRepresentatives", table, name));
    names.forEach((name, j) => {
      if (x[j].every((v) => v === x[j][0])) throw new InputError(`${name} is constant, so it has no distance to other columns. Drop it with the variance filter first.`);
    });
    const p = names.length;
    const { clusters: k, height = 0.5, representative = "medoid" } = options;
    if (k !== undefined && !(Number.isInteger(k) && k >= 1 && k <= p)) throw new InputError(`clusterRepresentatives was asked for ${k} clusters of ${p} columns. Ask for 1 to ${p}.`);
    const r = correlationMatrix(x, "spearman").map((v) => Math.abs(v));
    const strength = representative === "outcome" ? strengthOf("clusterRepresentatives", outcome, table.id.length) : undefined;
    const tree = p === 1 ? undefined : hierarchicalClustering(r.map((v) => 1 - v), p, "ward.D2");
    const label = tree === undefined ? [0] : Array.from(k === undefined ? cutTreeAt(tree, height) : cutTree(tree, k));
    const clusters = [...new Set(label)].sort((a, b) => a - b).map((c) => {
      const members = label.flatMap((l, j) => (l === c ? [j] : []));
      const merit = (j: number) => (strength ? strength(x[j]) : members.reduce((sum, m) => sum + r[j * p + m], 0));
      const merits = members.map(merit);
      // sums in another order differ in the last digits: a tie is a tie within 1e-12
      const best = merits.findIndex((m) => m >= Math.max(...merits) - 1e-12 * Math.abs(Math.max(...merits)));
      return { representative: members[best], members };
    });
    const why = new Map<string, string>();
    for (const c of clusters) for (const j of c.members) if (j !== c.representative) why.set(names[j], `${names[c.representative]} stands for it (|ρ| ${shown(r[j * p + c.representative])})`);
    return { ...filterState(names, why), clusters: clusters.map((c) => ({ representative: names[c.representative], members: c.members.map((j) => names[j]) })) };
  },
  apply: applyFilter,
};
