import { didYouMean, InputError } from "../math/index.js";
import { daysIn, sift, timeUnits, type TimeUnit, type WithOutcome } from "./outcomeOf.js";
import type { SurvivalOutcome } from "./outcome.js";
import { selectRows, type Table } from "./table.js";

/** What can happen to a patient, for an end-point's list. After the STEEP definitions (Hudis et al., J Clin Oncol 2007;25:2127). */
export const eventTypes = ["localRecurrence", "regionalRecurrence", "distantMetastasis", "contralateralCancer", "secondCancer", "death", "cancerDeath"] as const;
export type EventType = (typeof eventTypes)[number];

/**
 * The events of an end-point: the first of them ends the follow-up. After the STEEP definitions (Hudis et al., J Clin Oncol
 * 2007;25:2127) without the in-situ variants: OS death of any cause; DFS (invasive disease-free) any recurrence, contralateral
 * or second cancer, or death; RFS any recurrence of the cancer or death; DMFS distant metastasis or death (as DRFS).
 * Studies differ (some DMFS leave deaths out): give a list of one's own in `events`.
 */
export const endpoints = {
  OS: ["death", "cancerDeath"],
  DFS: ["localRecurrence", "regionalRecurrence", "distantMetastasis", "contralateralCancer", "secondCancer", "death", "cancerDeath"],
  RFS: ["localRecurrence", "regionalRecurrence", "distantMetastasis", "death", "cancerDeath"],
  DMFS: ["distantMetastasis", "death", "cancerDeath"],
} as const satisfies Record<string, readonly EventType[]>;

export type EndpointOptions = {
  endpoint: keyof typeof endpoints | { name: string; events: readonly EventType[] };
  /** date column that starts the clock: diagnosis, surgery, resection of the recurrence … */
  origin: string;
  /** date columns by event type: missing where it did not happen */
  dates: Partial<Record<EventType, string>>;
  /** date column of the last contact */
  lastContact: string;
  /** deaths count as a competing risk (cause 2) where the end-point does not list them */
  competingDeath?: boolean;
  unit?: TimeUnit;
  /** patients with an event or censored up to this time (in `unit`) are left out, and the clock starts there */
  landmark?: number;
};
export type Endpoint = WithOutcome<SurvivalOutcome> & {
  /** first events by type, over the rows kept */
  counts: Partial<Record<EventType, number>>;
  /** follow-up of the patients by reverse Kaplan–Meier, in `unit`; null where not reached */
  followUp: FollowUpTime;
};
export type FollowUpTime = { median: number | null; lower: number | null; upper: number | null; unit: string };

/**
 * Time from an origin to the first event of an end-point, from dates. Censored at last contact; events dated after last contact
 * count (last contact is moved to them). Left out with a reason: origin missing, neither event nor last contact, a first event
 * or last contact before the origin. An event before the origin that the end-point lists makes the patient not at risk: left
 * out, by the name of the event (with the resection of a recurrence as origin, give dates of events after it).
 * Several events on one day count by the order of `eventTypes`. Follow-up: reverse Kaplan–Meier over death from any cause
 * (Schemper & Smith, Control Clin Trials 1996;17:343), median and quartiles.
 * @throws InputError on an unknown end-point, event, unit or column, a column without dates, no dates for the events, a negative landmark, nobody left
 */
export function buildEndpoint(table: Table, options: EndpointOptions): Endpoint {
  const { unit = "months", landmark = 0, competingDeath = false } = options;
  const named = typeof options.endpoint === "string";
  const name = named ? (options.endpoint as string) : (options.endpoint as { name: string }).name;
  if (named && !Object.hasOwn(endpoints, name)) throw new InputError(`There is no end-point "${name}". ${didYouMean(name, Object.keys(endpoints))}`);
  const listed: readonly EventType[] = named ? endpoints[options.endpoint as keyof typeof endpoints] : (options.endpoint as { events: readonly EventType[] }).events;
  for (const type of Object.keys(options.dates)) if (!eventTypes.includes(type as EventType)) throw new InputError(`There is no event "${type}". ${didYouMean(type, eventTypes)}`);
  if (!(timeUnits[unit] > 0)) throw new InputError(`The unit of time is "${unit}", but ${Object.keys(timeUnits).join(", ")} are known.`);
  if (!(landmark >= 0)) throw new InputError(`The landmark is ${landmark}, but a time of 0 or more is expected.`);
  const dated = eventTypes.flatMap((type) => (options.dates[type] === undefined ? [] : [{ type, days: daysIn(table, options.dates[type]) }]));
  const ending = dated.filter((d) => listed.includes(d.type));
  if (ending.length === 0) throw new InputError(`No date column is given for the events of ${name} (${listed.join(", ")}). Name one in dates.`);
  const deaths = dated.filter((d) => d.type === "death" || d.type === "cancerDeath");
  const origin = daysIn(table, options.origin), contact = daysIn(table, options.lastContact);
  const first = (of: typeof dated, r: number) => of.reduce<{ type: EventType; day: number } | undefined>((a, d) => (!Number.isNaN(d.days[r]) && (a === undefined || d.days[r] < a.day) ? { type: d.type, day: d.days[r] } : a), undefined);
  const last = (r: number) => dated.reduce((a, d) => (d.days[r] > a || Number.isNaN(a) ? (Number.isNaN(d.days[r]) ? a : d.days[r]) : a), contact[r]);
  const ends = Array.from(table.id, (_, r) => {
    const event = first(ending, r);
    const died = competingDeath && event === undefined ? first(deaths, r) : undefined;
    return { event, died, day: event?.day ?? died?.day ?? last(r) };
  });
  const scale = timeUnits[unit];
  const whyNot = (r: number): string => {
    const { event, day } = ends[r];
    if (Number.isNaN(origin[r])) return `${options.origin} is missing`;
    if (Number.isNaN(day)) return `neither an event nor ${options.lastContact} is known`;
    if (day < origin[r]) return event ? `${event.type} is ${origin[r] - day} days before ${options.origin}` : `${options.lastContact} is before ${options.origin}`;
    if (landmark > 0 && (day - origin[r]) / scale <= landmark) return `${event ? event.type : "end of follow-up"} up to the landmark`;
    return "";
  };
  const { rows, leftOut } = sift(table, whyNot);
  if (!Array.from(rows).some((r) => ends[r].event)) {
    throw new InputError(`${name}: none of ${rows.length} patients has an event (${listed.join(", ")}), but at least one is needed. Check the date columns and the unit.`);
  }
  const start = (r: number) => origin[r] + landmark * scale;
  const cause = Uint8Array.from(rows, (r) => (ends[r].event ? 1 : ends[r].died ? 2 : 0));
  const outcome: SurvivalOutcome = {
    kind: "survival", name, unit, time: Float64Array.from(rows, (r) => (ends[r].day - start(r)) / scale), event: cause.map((c) => (c === 1 ? 1 : 0)),
    ...(competingDeath ? { cause } : {}),
  };
  const counts: Endpoint["counts"] = {};
  for (const r of rows) {
    const event = ends[r].event;
    if (event) counts[event.type] = (counts[event.type] ?? 0) + 1;
  }
  const observed = Float64Array.from(rows, (r) => (last(r) - start(r)) / scale);
  const alive = Uint8Array.from(rows, (r) => (first(deaths, r) === undefined ? 1 : 0));
  return { table: selectRows(table, rows), outcome, rows, leftOut, counts, followUp: followUpTime(observed, alive, unit) };
}

/**
 * Follow-up by reverse Kaplan–Meier: quartiles of the time to censoring, where the event (death, or the end-point's own event)
 * censors. ended[k] 1: follow-up ended without the event. A quantile at which the curve is flat is the mean of its ends, as
 * R quantile(survfit(Surv(time, 1 − event) ~ 1)); null where the curve does not come down to it. Intervals: evaluate's `reverseKaplanMeier`, whose quartiles these are.
 */
export function followUpTime(time: Float64Array, ended: Uint8Array, unit: string): FollowUpTime {
  const order = Array.from(time.keys()).sort((a, b) => time[a] - time[b]);
  const steps: { t: number; s: number }[] = [];
  let s = 1;
  for (let k = 0; k < order.length; ) {
    const t = time[order[k]], atRisk = order.length - k;
    let d = 0;
    for (; k < order.length && time[order[k]] === t; k++) d += ended[order[k]];
    if (d > 0) steps.push({ t, s: (s *= 1 - d / atRisk) });
  }
  const longest = order.length > 0 ? time[order[order.length - 1]] : NaN;
  const at = (p: number): number | null => {
    const k = steps.findIndex((step) => step.s <= 1 - p + 1.5e-8);
    if (k < 0) return null;
    return Math.abs(steps[k].s - (1 - p)) <= 1.5e-8 ? (steps[k].t + (steps[k + 1]?.t ?? longest)) / 2 : steps[k].t;
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75), unit };
}

