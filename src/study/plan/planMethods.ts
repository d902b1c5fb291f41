import { z } from "zod";
import { miceMethods, univariableTests } from "../../cohort/index.js";
import { adjustments, iccForms } from "../../math/index.js";
import type { Plan } from "../plan.js";

/** Kinds of outcome that a plan can have. */
export type OutcomeKind = Plan["outcome"]["kind"];

/**
 * A method as a plan names it. `engine`: its name among the steps of cohort, the learners of model, or the steps of the engine.
 * `options`: what a plan may say of it; `engineOptions`: options that have a friendlier name in the plan, by that name.
 * `outcomes`: the kinds it is for, where not all.
 */
export type Method = {
  name: string; also?: readonly string[]; engine: string; help: string;
  options: z.ZodObject; engineOptions?: Record<string, string>; outcomes?: readonly OutcomeKind[];
};

const columns = z.array(z.string()).optional().describe("Groups, columns or patterns it works on; all columns of the block that fit it when left out.");
const share = (what: string) => z.number().gt(0).lte(1).optional().describe(what);
const count = (what: string, least = 1) => z.int().min(least).optional().describe(what);
const yes = (what: string) => z.boolean().optional().describe(what);
const level = z.number().gt(0).lt(1).optional().describe("Level of the intervals of its coefficients (that of evaluation).");
const options = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape);
const reference = z.record(z.string(), z.string()).optional().describe("Reference level of a category, by column; the first level when left out.");
const lambda = z.union([z.enum(["min", "1se"]), z.number().positive()]).optional().describe("λ: min (smallest cross-validated error, the default), 1se, or a number.");

/** A list of methods that keeps their names and options as types. */
const methods = <const List extends readonly Method[]>(list: List): List => list;

/** How a plan writes one of the methods: its name, or one name with its options. */
export type UseInput<List extends readonly Method[]> =
  | List[number]["name"] | Aliases<List[number]>
  | { [M in List[number] as M["name"] | Aliases<M>]?: z.input<M["options"]> | null };
type Aliases<M extends Method> = M extends { also: readonly (infer Name extends string)[] } ? Name : never;

/** Steps of a block: one line each. Every fit of a step sees training rows only, again in each fold and each bootstrap sample. */
const stepList = methods([
  { name: "impute", engine: "impute", help: "fill missing values from the training rows", engineOptions: { donors: "neighbours" }, options: options({
    columns, method: z.enum(["median", "mode", "knn", "mice"]).optional().describe("median (default; categories by the commonest), mode, knn, mice."),
    neighbours: count("knn: neighbours (5)."), donors: count("mice: donors of predictive mean matching (5)."), rounds: count("mice: rounds through the columns (10)."),
    numbers: z.enum(["pmm", "normal"]).optional().describe("mice: numbers by predictive mean matching (pmm, default) or normal regression (R mice: pmm, norm)."),
    methods: z.record(z.string(), z.enum(miceMethods)).optional().describe("mice: the method of single columns: pmm, normal, logistic (two levels), polytomous, proportionalOdds (ordered); by their kind when left out."),
    imputation: count("mice: which of the imputations (1).") }) },
  { name: "zScore", also: ["z-score", "zscore", "standardize"], engine: "zScore", help: "(x − mean) / standard deviation of the training rows", options: options({ columns }) },
  { name: "minMax", also: ["min-max"], engine: "minMax", help: "(x − minimum) / range of the training rows", options: options({ columns }) },
  { name: "robust", also: ["robustScale"], engine: "robust", help: "(x − median) / interquartile range of the training rows", options: options({ columns }) },
  { name: "yeoJohnson", also: ["yeo-johnson"], engine: "yeoJohnson", help: "power transform towards the normal distribution", options: options({ columns, standardize: yes("z-score afterwards (true).") }) },
  { name: "combat", also: ["ComBat"], engine: "combat", help: "harmonise centres, by the training rows of each", options: options({
    columns, batch: z.string().optional().describe("Column of the centre or scanner; the cohort's centre when left out."),
    covariates: z.array(z.string()).optional().describe("Columns whose effect is kept (never the outcome)."), parametric: yes("Priors: parametric (true)."),
    meanOnly: yes("Adjust means only (false)."), reference: z.string().optional().describe("Centre to which the others are brought."),
    newCentre: z.enum(["refuse", "transductive", "passThrough"]).optional().describe("A centre that training did not have: refuse (default), passThrough, transductive.") }) },
  { name: "icc", also: ["iccFilter"], engine: "iccFilter", help: "keep features that the cohort's readers agree on", engineOptions: { min: "above" }, options: options({
    columns, form: z.enum(iccForms).optional().describe("Form of Shrout and Fleiss (ICC(2,1))."), min: z.number().min(-1).max(1).optional().describe("Features whose ICC is not above it go (0.75)."),
    by: z.enum(["estimate", "lower"]).optional().describe("What must lie above it: the estimate (default) or its lower 95 % limit."),
    repeats: z.record(z.string(), z.array(z.string())).optional().describe("Further readings as columns of the same table: feature → columns.") }) },
  { name: "variance", also: ["varianceFilter"], engine: "variance", help: "drop columns that hardly vary", options: options({ columns, above: z.number().min(0).optional().describe("Variance that must be exceeded (0)."), mostShare: share("Columns go where one value fills more than this share (1).") }) },
  { name: "univariable", also: ["univariate"], engine: "univariable", help: "keep columns that go with the outcome one by one", engineOptions: { p: "alpha" }, options: options({
    columns, p: share("Largest p that stays (0.05)."), test: z.enum(univariableTests).optional().describe("For numbers: welch, t, mannWhitney (default), logistic (score test), anova, kruskalWallis (binary); cox, the score test (survival)."),
    categoryTest: z.enum(univariableTests).optional().describe("For categories: chiSquared without Yates, fisher, logistic (binary; χ², or Fisher where an expected count is below 5, when left out); cox (survival)."),
    adjust: z.enum(adjustments).optional().describe("Adjustment of the p-values over all columns tested (none); BH is Benjamini and Hochberg's false discovery rate.") }) },
  { name: "correlation", also: ["correlationFilter"], engine: "correlation", help: "drop columns until no two correlate above a limit", engineOptions: { max: "cutoff" }, options: options({
    columns, method: z.enum(["pearson", "spearman", "kendall"]).optional().describe("spearman (default), pearson, kendall."), max: share("Largest |r| between two kept columns (0.9)."),
    drop: z.enum(["largerMean", "largerMeanOnce", "weakerOutcome", "random"]).optional().describe("Which of a pair goes: that with the larger mean |r|, taken anew as columns go (largerMean, default; caret's exact rule) or once (largerMeanOnce, caret's exact = FALSE), that which goes less with the outcome (weakerOutcome), or one by chance (random, seeded).") }) },
  { name: "cluster", also: ["clusterRepresentatives"], engine: "clusterRepresentatives", help: "one column for each cluster of alike columns", options: options({
    columns, clusters: count("Number of clusters."), height: z.number().positive().optional().describe("Height at which the tree is cut (0.5)."), representative: z.enum(["medoid", "outcome"]).optional().describe("Who stands for a cluster: the column with the largest mean |Spearman| to its members (medoid, default) or that which goes most with the outcome.") }) },
  { name: "vif", engine: "vif", help: "drop columns with a large variance inflation", engineOptions: { max: "limit" }, options: options({ columns, max: z.number().min(1).optional().describe("Largest variance inflation factor that stays (10).") }) },
  { name: "mrmr", also: ["mRMR"], engine: "mrmr", help: "minimum redundancy, maximum relevance", options: options({ columns, count: count("Columns to keep (10)."), scheme: z.enum(["MID", "MIQ"]).optional().describe("Relevance less redundancy (MID, default), or divided by it (MIQ)."),
    information: z.enum(["states", "ranks"]).optional().describe("Mutual information of values in three states (states; binary default) or from rank correlations (ranks; survival, by Harrell's C).") }) },
  { name: "boruta", also: ["Boruta"], engine: "boruta", help: "columns that beat their own shuffled copies in random forests", engineOptions: { p: "alpha" }, options: options({
    columns, rounds: count("Rounds at most (100)."), p: share("Level of its tests (0.01)."), tentative: z.enum(["drop", "keep"]).optional().describe("What becomes of undecided columns (drop)."), trees: count("Trees of a forest (500)."), tries: count("Columns tried for each cut.") }) },
  { name: "lasso", also: ["lassoSelect"], engine: "lasso", help: "keep columns with a non-zero LASSO coefficient", engineOptions: { lambda: "at" }, options: options({
    columns, alpha: share("1 LASSO (default), below an elastic net."), folds: count("Folds that choose λ (10).", 3), lambda: z.enum(["min", "1se"]).optional().describe("λ: min (default) or 1se."),
    lambdas: count("Length of the path (100).", 2), lambdaRatio: share("Last λ as a share of the first.") }) },
  { name: "stability", also: ["stabilitySelection"], engine: "stabilitySelection", help: "columns that LASSO chooses in most random halves", options: options({
    columns, scheme: z.enum(["pairs", "halves"]).optional().describe("pairs (default): complementary pairs (Shah and Samworth); halves: each half drawn anew (Meinshausen and Bühlmann)."), halves: count("Halves drawn (100; of pairs an even number)."), count: count("Columns that each half may choose, q (√(0.8 · columns))."), threshold: z.number().gt(0.5).lte(1).optional().describe("Share of the halves that must choose it (0.75)."), alpha: share("1 LASSO (default).") }) },
  { name: "smote", also: ["SMOTE"], engine: "smote", help: "synthetic rows of the smaller class, in training only", outcomes: ["binary"], options: options({ ratio: share("Smaller over larger class afterwards (1)."), neighbours: count("Neighbours to draw from (5).") }) },
  { name: "upsample", engine: "upsample", help: "repeat rows of the smaller class, in training only", outcomes: ["binary"], options: options({ ratio: share("Smaller over larger class afterwards (1).") }) },
  { name: "undersample", engine: "undersample", help: "leave rows of the larger class out of training", outcomes: ["binary"], options: options({ ratio: share("Smaller over larger class afterwards (1).") }) },
  { name: "stepwise", engine: "stepwise", help: "choose variables of the block's own model by AIC, BIC, p, or SPSS's Forward: LR", options: options({
    columns, criterion: z.enum(["aic", "bic", "bicPatients", "bicEvents", "p", "scoreLR"]).optional().describe("aic (default); bic (log patients; survival: log events, as R); bicPatients and bicEvents name which; p (likelihood-ratio tests); scoreLR (SPSS's Forward: LR: enters by the score test, leaves by the likelihood ratio)."),
    penalty: z.number().positive().optional().describe("Cost of a parameter in place of AIC's 2 (R step's k; 3.84 is p = 0.05)."), direction: z.enum(["both", "backward", "forward"]).optional().describe("both (default), backward, forward."),
    enter: share("criterion p or scoreLR: p below which a variable enters (0.05)."), stay: share("criterion p or scoreLR: p above which a variable leaves (p: 0.05 backward, 0.1 otherwise; scoreLR: 0.1)."),
    always: z.array(z.string()).optional().describe("Columns that never leave.") }) },
]);
export const planSteps: readonly Method[] = stepList;
export type StepInput = UseInput<typeof stepList>;

const net = { alpha: z.number().min(0).max(1).optional().describe("1 LASSO … 0 ridge."), folds: count("Folds that choose λ (10).", 3), lambda,
  lambdas: count("Length of the path (100).", 2), lambdaRatio: share("Last λ as a share of the first."), standardize: yes("Columns on one scale before penalising (true)."), nonNegative: yes("No coefficient below 0 (false)."),
  penaltyFactor: z.record(z.string(), z.number().min(0)).optional().describe("Factor of λ by group or column: 0 is never penalised (clinical variables held in), 1 when left out."),
  foldLambda: z.enum(["own", "shared"]).optional().describe("λ of the folds: each fold walks its own path (own, default; cv.glmnet's alignment = lambda), or is fitted at the λ of all rows (shared).") };
const binaryNet = options({ ...net, measure: z.enum(["deviance", "auc", "class", "mse", "mae"]).optional().describe("What cross-validation minimises (deviance).") });
const coxNet = options({ ...net, grouped: yes("Deviance of a fold: of all rows less that without the fold (true, default; cv.glmnet's grouped), or of the fold alone."), measure: z.enum(["deviance", "C"]).optional().describe("What cross-validation minimises (deviance).") });
const lambdaAt = { engineOptions: { lambda: "at", penaltyFactor: "penalties" } };
const ties = z.enum(["efron", "breslow", "exact"]).optional().describe("Tied times (efron).");

/** Learners of a block: one line each. */
const learnerList = methods([
  { name: "logistic", engine: "logistic", help: "logistic regression", outcomes: ["binary"], options: options({ level, reference }) },
  { name: "firth", also: ["firthLogistic"], engine: "firth", help: "Firth's logistic regression, for separation and few events", outcomes: ["binary"], options: options({ level, reference, profile: yes("Profile-likelihood intervals (false).") }) },
  { name: "lasso", engine: "lasso", help: "LASSO logistic regression, λ by cross-validation", outcomes: ["binary"], options: binaryNet, ...lambdaAt },
  { name: "elasticNet", also: ["elastic-net"], engine: "elasticNet", help: "elastic-net logistic regression (alpha ½)", outcomes: ["binary"], options: binaryNet, ...lambdaAt },
  { name: "ridge", engine: "ridge", help: "ridge logistic regression", outcomes: ["binary"], options: binaryNet, ...lambdaAt },
  { name: "network", also: ["bpnn"], engine: "network", engineOptions: { standardize: "standardise" }, help: "back-propagation network with one hidden layer", outcomes: ["binary"], options: options({
    hidden: count("Hidden units (3)."), activation: z.enum(["logistic", "tanh"]).optional().describe("Of the hidden units."), decay: z.number().min(0).optional().describe("Weight decay (0.1)."),
    loss: z.enum(["entropy", "leastSquares"]).optional().describe("What training minimises: entropy (default) or least squares."), skip: yes("Connections past the hidden layer (false)."),
    starts: count("Trainings from random starts, of which the best is kept (1; 5 or more advised)."), range: z.number().positive().optional().describe("Start weights are uniform in ± range (0.7)."),
    optimiser: z.enum(["bfgs", "adam", "rprop"]).optional().describe("How it is trained (bfgs)."), learningRate: z.number().positive().optional().describe("adam: step size (0.02)."), maxIterations: count("Iterations at most (bfgs 5000, others 20000)."),
    tolerance: z.number().positive().optional().describe("Training rests where a step changes less than this (bfgs 1e-12, others 1e-7)."), standardize: yes("Inputs to mean 0 and standard deviation 1 first (true)."),
    earlyStopping: z.number().gt(0).lt(1).optional().describe("Share of the training patients on whom training is watched and stopped, and who are not trained on; none when left out."), patience: count("earlyStopping: steps without a better one before it stops (20)."), reference }) },
  { name: "cox", also: ["coxph"], engine: "cox", help: "Cox regression", outcomes: ["survival"], options: options({ ties, level, reference, robust: yes("Sandwich variance (false)."), clusterByPatient: yes("Sandwich variance with the rows of one patient as one unit, where rows are lesions (false).") }) },
  { name: "firthCox", also: ["coxphf"], engine: "firthCox", help: "Firth's Cox regression, for monotone likelihood and few events", outcomes: ["survival"], options: options({
    ties: z.enum(["efron", "breslow"]).optional().describe("Tied times (efron)."), level, reference, profile: yes("Profile-likelihood intervals (true).") }) },
  { name: "lassoCox", also: ["coxLasso"], engine: "lassoCox", help: "LASSO Cox regression, λ by cross-validation", outcomes: ["survival"], options: coxNet, ...lambdaAt },
  { name: "elasticNetCox", also: ["coxElasticNet"], engine: "elasticNetCox", help: "elastic-net Cox regression (alpha ½)", outcomes: ["survival"], options: coxNet, ...lambdaAt },
  { name: "ridgeCox", also: ["coxRidge"], engine: "ridgeCox", help: "ridge Cox regression", outcomes: ["survival"], options: coxNet, ...lambdaAt },
  { name: "fineGray", also: ["fine-gray", "crr"], engine: "fineGray", help: "Fine–Gray regression; the outcome needs codes of other events", outcomes: ["survival"], options: options({ level, reference }) },
]);
export const planLearners: readonly Method[] = learnerList;
export type LearnerInput = UseInput<typeof learnerList>;

/** Methods by each of their names. */
export const stepsByName = byName(planSteps);
export const learnersByName = byName(planLearners);

function byName(methods: readonly Method[]): ReadonlyMap<string, Method> {
  return new Map(methods.flatMap((m) => [m.name, ...(m.also ?? [])].map((name) => [name, m] as const)));
}

/** A step or learner after reading. */
export type FilledUse = string | Record<string, Record<string, unknown> | null | undefined>;

/** Written as a name alone, or as one name with its options; `Input` is what TypeScript completes and checks. */
export function useSchema<Input>(methods: readonly Method[], what: string): z.ZodType<FilledUse, Input> {
  const shape = Object.fromEntries(methods.flatMap((m) => [m.name, ...(m.also ?? [])].map((name) =>
    [name, m.options.nullable().optional().describe(`${m.help}${m.outcomes === undefined ? "" : ` (${m.outcomes.join(", ")} outcome)`}`)] as const)));
  const names = methods.flatMap((m) => [m.name, ...(m.also ?? [])]) as [string, ...string[]];
  return z.union([z.enum(names), z.strictObject(shape)]).describe(`${what}: ${methods.map((m) => `${m.name} (${m.help})`).join("; ")}.`) as unknown as z.ZodType<FilledUse, Input>;
}
