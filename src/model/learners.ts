import { coxLearner, fineGrayLearner, firthCoxLearner } from "./coxLearner.js";
import {
  elasticNetCoxLearner, elasticNetLearner, lassoCoxLearner, lassoLearner, lassoLinearLearner, ridgeCoxLearner, ridgeLearner,
} from "./elasticNetLearners.js";
import type { Learner } from "./learner.js";
import { firthLearner, linearLearner, logisticLearner, networkLearner } from "./logisticLearners.js";

/** Every model that can be fitted to a table. Adding one is one file and one line here; its tests pick it up by themselves. */
export const learners: readonly Learner[] = [
  logisticLearner, firthLearner, lassoLearner, elasticNetLearner, ridgeLearner, networkLearner,
  coxLearner, firthCoxLearner, lassoCoxLearner, elasticNetCoxLearner, ridgeCoxLearner, fineGrayLearner,
  linearLearner, lassoLinearLearner,
];
