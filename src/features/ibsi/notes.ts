/** Why values are NaN: by tag, else by the prefix of the tag. */
const reasons: Record<string, string> = {
  stat_cov: "the mean is 0", stat_qcod: "the quartiles add up to 0",
  ih: "the region has a single grey level",
  cm: "the region has a single grey level or no pair of neighbouring voxels",
  ngt: "no voxel has a neighbour in the region",
};

/** Values that IBSI sets where a formula cannot be worked out. */
const conventions: { tag: RegExp; where: (values: Record<string, number>, tag: string) => boolean; note: string }[] = [
  { tag: /^stat_(skew|kurt)$/, where: (v) => v.stat_var === 0 || v.stat_max === v.stat_min, note: "0 by convention: all intensities are equal" },
  { tag: /^ih_(skew|kurt)$/, where: (v) => v.ih_max === v.ih_min, note: "0 by convention: the region has a single grey level" },
  { tag: /^ngt_(contrast|busyness|strength)_/, where: (v, tag) => v[tag] === 0, note: "0 by convention: no grey level differs from its neighbourhood" },
  // averaged over slices, one flat slice is enough to show
  { tag: /^ngt_coarseness_/, where: (v, tag) => v[tag] >= 1000, note: "1000000 by convention where no grey level of a slice or region differs from its neighbourhood" },
];

/** A note under the tag of every value that is NaN or set by convention. */
export function notesOn(values: Record<string, number>): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const tag in values) {
    if (Number.isNaN(values[tag])) notes[tag] = reasons[tag] ?? reasons[tag.split("_")[0]] ?? "cannot be computed on this region";
    else {
      const convention = conventions.find((c) => c.tag.test(tag) && c.where(values, tag));
      if (convention !== undefined) notes[tag] = convention.note;
    }
  }
  return notes;
}
