import { didYouMean, InputError } from "../../math/index.js";
import { plain, type Proposal } from "./proposePlan.js";
import { like000 } from "../templates/like000.js";
import { like001 } from "../templates/like001.js";
import { like002 } from "../templates/like002.js";
import { like003 } from "../templates/like003.js";
import { like004 } from "../templates/like004.js";
import type { Template } from "../templates/template.js";
import { wrapped } from "./wrapped.js";

/** Plans after the method of a paper, by its number. */
export const templates: readonly Template[] = [like000, like001, like002, like003, like004];

/**
 * A commented plan: a paper's method on an example of its data, or on the data part that `proposePlan` made of the user's tables.
 * Without a paper: the method of 000 for survival, of 004 for two classes.
 * @throws InputError a paper that is not there, or whose method is for another kind of outcome
 */
export function initPlan(like?: string, proposal?: Proposal, seed = 1): string {
  const template = like === undefined ? (proposal?.kind === "survival" ? like000 : like004) : templates.find((t) => t.paper === like);
  if (template === undefined) throw new InputError(`There is no plan like "${like}". ${didYouMean(like!, templates.map((t) => t.paper))} ${templates.map((t) => `${t.paper}: ${t.what}`).join("; ")}.`);
  if (proposal !== undefined && proposal.kind !== template.outcome) throw new InputError(`The plan like ${template.paper} is for a ${template.outcome} outcome, but the one given is ${proposal.kind}. Take ${templates.filter((t) => t.outcome === proposal.kind).map((t) => t.paper).join(" or ")}.`);
  const data = proposal?.data ?? template.data;
  const parts = proposal === undefined ? { clinical: template.clinical, readers: /^ {4}readers:/m.test(data), centre: /^ {4}centre:/m.test(data) } : { clinical: proposal.clinical, readers: false, centre: false, radiomics: true as const, ...(proposal.times !== undefined && { times: proposal.times }) };
  const own = proposal === undefined ? "" : `\n# What was guessed from the tables; please correct:\n${proposal.guesses.map((g) => `# - ${wrapped(g, 100).join("\n#   ")}`).join("\n") || "# nothing"}`;
  return `# yaml-language-server: $schema=./study.schema.json
${template.head}${own}
radscore: 1
title: ${plain(proposal?.title ?? `Study like ${template.paper}`)}
question: ${JSON.stringify(proposal === undefined ? template.question : "Does radiomics add to the clinical variables?")}
seed: ${seed}
# as-published: the steps once on all patients, as many papers do; each fault stands beside the honest number.
order: honest

${data}
${template.method(parts)}`;
}
