import type { FeatureClass } from "./featureClass.js";
import { firstorder } from "./firstorder.js";
import { glcm } from "./glcm.js";
import { gldm } from "./gldm.js";
import { glrlm } from "./glrlm.js";
import { glszm } from "./glszm.js";
import { ngtdm } from "./ngtdm.js";
import { shape } from "./shape.js";
import { shape2D } from "./shape2d.js";

/** Every feature class, in the order of their columns. */
export const featureClasses: readonly FeatureClass<any>[] = [
  shape,
  shape2D,
  firstorder,
  glcm,
  gldm,
  glrlm,
  glszm,
  ngtdm,
];
