import { emphasisFeatures } from "./emphasis.js";

/**
 * Neighbouring grey level dependence matrix (IBSI REK0; Sun & Wee 1983): voxels by level and dependence, 1 + the neighbours at
 * Chebyshev distance 1 whose level differs by at most alpha = 0.
 */
export const ngldm = emphasisFeatures([
  ["lde", "SODN", "Low dependence emphasis"],
  ["hde", "IMOQ", "High dependence emphasis"],
  ["lgce", "TL9H", "Low grey level count emphasis"],
  ["hgce", "OAE7", "High grey level count emphasis"],
  ["ldlge", "EQ3F", "Low dependence low grey level emphasis"],
  ["ldhge", "JA6D", "Low dependence high grey level emphasis"],
  ["hdlge", "NBZI", "High dependence low grey level emphasis"],
  ["hdhge", "9QMG", "High dependence high grey level emphasis"],
  ["glnu", "FP8K", "Grey level non-uniformity"],
  ["glnu_norm", "5SPA", "Normalised grey level non-uniformity"],
  ["dcnu", "Z87G", "Dependence count non-uniformity"],
  ["dcnu_norm", "OKJI", "Normalised dependence count non-uniformity"],
  ["dc_perc", "6XV8", "Dependence count percentage"],
  ["gl_var", "1PFV", "Grey level variance"],
  ["dc_var", "DNX2", "Dependence count variance"],
  ["dc_entr", "FCBV", "Dependence count entropy"],
  ["dc_energy", "CAS9", "Dependence count energy"],
]);
