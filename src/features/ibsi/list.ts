import type { IbsiFeatures } from "./feature.js";
import { glcm } from "./glcm.js";
import { gldzm } from "./gldzm.js";
import { glrlm } from "./glrlm.js";
import { glszm } from "./glszm.js";
import { intensityHistogram } from "./intensityHistogram.js";
import { intensityVolumeHistogram } from "./intensityVolumeHistogram.js";
import { localIntensity } from "./localIntensity.js";
import { morphology } from "./morphology.js";
import { ngldm } from "./ngldm.js";
import { ngtdm } from "./ngtdm.js";
import type { Family } from "./options.js";
import { statistics } from "./statistics.js";

/** One line of the feature table. */
export type IbsiEntry = {
  /** as in the profile's values, e.g. cm_joint_max_3D_avg */
  tag: string;
  family: Family;
  /** IBSI's name, the family's and the feature's */
  familyName: string;
  name: string;
  /** IBSI's four-letter codes of family, feature and aggregation */
  familyIbsi: string;
  ibsi: string;
  aggregationIbsi?: string;
  unit: string;
};

/** Aggregations by suffix with IBSI's codes: of directed matrices (co-occurrence, run length) and of the others. */
const directed = { _2D_avg: "BTW3", _2D_comb: "SUJT", _2_5D_avg: "JJUI", _2_5D_comb: "ZW7Z", _3D_avg: "ITBB", _3D_comb: "IAZD" };
const undirected = { _2D: "8QNN", _2_5D: "62GR", _3D: "KOBO" };

type FamilyRow = { family: Family; name: string; ibsi: string; features: IbsiFeatures<never>; aggregations?: Record<string, string> };

/** Every family; adding one is one file and one line. */
const familyRows: FamilyRow[] = [
  { family: "morph", name: "Morphology", ibsi: "HCUG", features: morphology },
  { family: "loc", name: "Local intensity", ibsi: "9ST6", features: localIntensity },
  { family: "stat", name: "Intensity-based statistics", ibsi: "UHIW", features: statistics },
  { family: "ih", name: "Intensity histogram", ibsi: "ZVCW", features: intensityHistogram },
  { family: "ivh", name: "Intensity-volume histogram", ibsi: "P88C", features: intensityVolumeHistogram },
  { family: "cm", name: "Grey level co-occurrence matrix", ibsi: "LFYI", features: glcm, aggregations: directed },
  { family: "rlm", name: "Grey level run length matrix", ibsi: "TP0I", features: glrlm, aggregations: directed },
  { family: "szm", name: "Grey level size zone matrix", ibsi: "9SAK", features: glszm, aggregations: undirected },
  { family: "dzm", name: "Grey level distance zone matrix", ibsi: "VMDZ", features: gldzm, aggregations: undirected },
  { family: "ngt", name: "Neighbourhood grey tone difference matrix", ibsi: "IPET", features: ngtdm, aggregations: undirected },
  { family: "ngl", name: "Neighbouring grey level dependence matrix", ibsi: "REK0", features: ngldm, aggregations: undirected },
];

/** Every value of the profile with its IBSI names, codes and unit, in the order of the reference tables. */
export const ibsiFeatures: readonly IbsiEntry[] = familyRows.flatMap(({ family, name: familyName, ibsi: familyIbsi, features, aggregations }) =>
  Object.entries(aggregations ?? { "": undefined }).flatMap(([suffix, aggregationIbsi]) =>
    Object.entries(features).map(([tag, { name, ibsi, unit }]) => ({
      tag: `${family}_${tag}${suffix}`, family, familyName, name, familyIbsi, ibsi, unit,
      ...(aggregationIbsi === undefined ? {} : { aggregationIbsi }),
    }))));
