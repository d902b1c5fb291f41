import type { Step } from "./step.js";
import { boruta } from "./steps/boruta.js";
import { undersample, upsample } from "./steps/classBalance.js";
import { clusterRepresentatives } from "./steps/clusterRepresentatives.js";
import { combat } from "./steps/combat.js";
import { correlationFilter } from "./steps/correlationFilter.js";
import { iccFilter } from "./steps/iccFilter.js";
import { impute } from "./steps/impute.js";
import { lassoSelect } from "./steps/lassoSelect.js";
import { mrmr } from "./steps/mrmr.js";
import { minMax, robust, zScore } from "./steps/scale.js";
import { smote } from "./steps/smote.js";
import { stabilitySelection } from "./steps/stabilitySelection.js";
import { univariable } from "./steps/univariable.js";
import { varianceFilter } from "./steps/variance.js";
import { vifRemoval } from "./steps/vif.js";
import { yeoJohnson } from "./steps/yeoJohnson.js";

/** Every step by its name; tests pick up each entry by themselves. */
export const steps: readonly Step[] = [
  impute, zScore, minMax, robust, yeoJohnson, combat,
  iccFilter, varianceFilter, univariable, correlationFilter, clusterRepresentatives, vifRemoval, mrmr, boruta, lassoSelect, stabilitySelection,
  smote, upsample, undersample,
];
