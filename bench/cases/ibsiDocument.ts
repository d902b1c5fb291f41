// docs/IBSI.md from a complete conformance run.
import type { FilterRow, Verdict } from "./ibsiReference.js";
import { failed, filterTable, mapTable, setTable, type MapVerdict, type SetResult } from "./ibsiTables.js";

const preface = `# Conformance with the image biomarker standardisation initiative (IBSI)

Written by \`npm run ibsi\`; do not edit. It needs \`RADSCORE_DATA\` for the CT phantom (CC BY-NC, not shipped) and for IBSI 2.

References: IBSI 1, Zwanenburg et al., Radiology 2020;295:328 (manual arXiv:1612.07003); IBSI 2, Whybra et al., Radiology
2024;310:e231319 (manual arXiv:2006.05470). The tables print consensus values of three significant digits, most of the digital
phantom's with a tolerance of 0: ours is rounded to three digits, or to as many as the reference prints, and passes where
|ours − reference| <= tolerance. The tables below show ours before rounding. Rows without a consensus value (densities by the
oriented minimum bounding box and the minimum volume enclosing ellipsoid, area under the IVH curve; one value of IBSI 2) are not
compared.

Settings that the reference tables do not print: bins of a fixed size start at the lower end of the re-segmentation range; the
intensity–volume histogram is taken as it is over [−500, 400] (A, B), in bins of 2.5 HU from −1000 by their centres (C), as it is over
the region's range (D), in 1,000 bins (E); the interpolated grid has ⌈n·s/s′⌉ voxels and shares the image's centre; intensities are
rounded after interpolation; a voxel belongs to the region from 0.5 of the linearly interpolated mask on; standard deviations are
those of the population. Neighbours lie at Chebyshev distance 1 (NGLDM: alpha 0), zone distances are Manhattan distances to the
border of the mask before re-segmentation, the sphere of the local peak has a radius of 6.2 mm.
`;

export function document(sets: readonly SetResult[], maps: readonly MapVerdict[], values: readonly (FilterRow & Verdict)[]): string {
  const summary: [string, readonly { pass: boolean }[]][] = [
    ...sets.map((s): [string, Verdict[]] => [`IBSI 1, ${s.name}`, s.verdicts]),
    ["IBSI 2, phase 1: response maps", maps], ["IBSI 2, phase 2: feature values", values],
  ];
  const together = (letters: string) => sets.filter((s) => s.name.startsWith("Configuration") && letters.includes(s.name.at(-1)!));
  return [
    preface,
    "| set | rows | pass |\n|---|---:|---:|",
    ...summary.map(([name, verdicts]) => `| ${name} | ${verdicts.length} | ${verdicts.length - failed(verdicts)} |`),
    "\n## IBSI 1: digital phantom\n", setTable(sets.slice(0, 1)),
    "\n## IBSI 1: CT phantom, by slice\n", setTable(together("AB")),
    "\n## IBSI 1: CT phantom, in the volume\n", setTable(together("CDE")),
    "\n## IBSI 2, phase 1: response maps of the digital phantoms\n", mapTable(maps),
    "\n## IBSI 2, phase 2: statistics of the filtered CT phantom\n", filterTable(values), "",
  ].join("\n");
}
