import { labelsOf, type Table } from "../../cohort/index.js";

const named = /^(patients?|pat|pt|subjects?|cases?|study|record|hospital|medical record|person|participant|accession|anon(ymi[sz]ed)?|research)[\s_.-]*(id|ids|no|nr|num|number|nummer|code|key|identifier)?[\s_.-]*$/i;
const alone = /^(mrn|pid|uid|id|ids|patid|patientid|patno|patnr|subjid|usubjid|caseid|caseno|identifier)[\s_.-]*$/i;

/**
 * The column that is most likely the patient's, by its name ("Patient No.", "Pat. Nr", "Study ID", "MRN") and by its values, which are there in every
 * row and hardly ever twice; undefined where no column is both.
 */
export function patientColumn(table: Table): string | undefined {
  const bare = (name: string) => name.trim().replace(/[()#:]/g, " ").replace(/\s+/g, " ").trim();
  const likely = Object.keys(table.columns).filter((name) => named.test(bare(name)) || alone.test(bare(name)));
  const share = (name: string) => {
    const labels = labelsOf(table, name);
    return labels.includes("") ? 0 : new Set(labels).size / labels.length;
  };
  const best = likely.map((name) => ({ name, share: share(name) })).sort((a, b) => b.share - a.share)[0];
  return best !== undefined && best.share >= 0.8 ? best.name : undefined;
}
