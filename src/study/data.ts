import type { BinaryOutcome, Endpoint, SurvivalOutcome, Table } from "../cohort/index.js";
import type { Finding, FlowStep } from "../report/index.js";

/** Patients of one cohort after reading, joining, recoding and exclusions: one row a patient (or lesion), outcome in the same order. */
export type CohortData = {
  name: string; role: "development" | "external";
  table: Table; outcome: BinaryOutcome | SurvivalOutcome;
  /** one value a row where the plan names the column */
  centre?: string[]; date?: Float64Array;
  /** further readers' features, aligned with `rows` of the table */
  readers: { name: string; rows: Int32Array; table: Table }[];
  flow: FlowStep[];
  /** of an end-point built from dates: first events by kind, and follow-up by reverse Kaplan–Meier */
  endpoint?: Pick<Endpoint, "counts" | "followUp">;
};
export type StudyData = {
  development: CohortData; external: CohortData[];
  findings: Finding[];
  /** sha-256 of every file read, by its name in the plan */
  hashes: Record<string, string>;
  /** pictures of worked cases as data: URIs, by their name in the plan */
  pictures?: Record<string, string>;
  /** what was understood, for `radscore check` */
  understood: { what: string; value: string }[];
};
