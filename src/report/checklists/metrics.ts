import type { Checklist, MetricsItem } from "../checklistTypes.js";

/**
 * METRICS, the METhodological RadiomICs Score: Kocak B. et al., Insights Imaging 2024;15:8, doi 10.1186/s13244-023-01572-w. Item titles
 * and weights from the article, which is open access under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); topics are ours.
 * Score: share of the weight of the items that apply; grades at 20, 40, 60, 80 %.
 */
export const metrics: Omit<Checklist, "items"> & { items: MetricsItem[] } = {
  id: "METRICS", title: "METRICS: METhodological RadiomICs Score, 30 weighted items",
  credit: "Item titles and weights: Kocak B. et al., METhodological RadiomICs Score (METRICS), Insights Imaging 2024;15:8, doi 10.1186/s13244-023-01572-w, CC BY 4.0.",
  items: [
    { no: "1", item: "Adherence to radiomics and/or machine learning-specific checklists or guidelines", topic: "guidelines", weight: 0.0368 },
    { no: "2", item: "Eligibility criteria that describe a representative study population", topic: "eligibility", weight: 0.0735 },
    { no: "3", item: "High-quality reference standard with a clear definition", topic: "outcome", weight: 0.0919 },
    { no: "4", item: "Multi-center", topic: "multi-centre", weight: 0.0438 },
    { no: "5", item: "Clinical translatability of the imaging data source for radiomics analysis", topic: "translatability", weight: 0.0292 },
    { no: "6", item: "Imaging protocol with acquisition parameters", topic: "imaging protocol", weight: 0.0438 },
    { no: "7", item: "The interval between imaging used and reference standard", topic: "interval", weight: 0.0292 },
    { no: "8", item: "Transparent description of segmentation methodology", topic: "segmentation", weight: 0.0337, condition: "segmentation" },
    { no: "9", item: "Formal evaluation of fully automated segmentation", topic: "automated segmentation evaluation", weight: 0.0225, condition: "fully automated segmentation" },
    { no: "10", item: "Test set segmentation masks produced by a single reader or automated tool", topic: "test segmentation", weight: 0.0112, condition: "segmentation" },
    { no: "11", item: "Appropriate use of image preprocessing techniques with transparent description", topic: "pre-processing", weight: 0.0622 },
    { no: "12", item: "Use of standardized feature extraction software", topic: "feature extraction", weight: 0.0311, condition: "hand-crafted" },
    { no: "13", item: "Transparent reporting of feature extraction parameters, otherwise providing a default configuration statement", topic: "default configuration", weight: 0.0415 },
    { no: "14", item: "Removal of non-robust features", topic: "robust features", weight: 0.02, condition: "tabular" },
    { no: "15", item: "Removal of redundant features", topic: "redundant features", weight: 0.02, condition: "tabular" },
    { no: "16", item: "Appropriateness of dimensionality compared to data size", topic: "dimensionality", weight: 0.03, condition: "tabular" },
    { no: "17", item: "Robustness assessment of end-to-end deep learning pipelines", topic: "deep learning robustness", weight: 0.02, condition: "end-to-end DL" },
    { no: "18", item: "Proper data partitioning process", topic: "split", weight: 0.0599 },
    { no: "19", item: "Handling of confounding factors", topic: "confounders", weight: 0.03 },
    { no: "20", item: "Use of appropriate performance evaluation metrics for task", topic: "metrics", weight: 0.0352 },
    { no: "21", item: "Consideration of uncertainty", topic: "uncertainty", weight: 0.0234 },
    { no: "22", item: "Calibration assessment", topic: "calibration", weight: 0.0176 },
    { no: "23", item: "Use of uni-parametric imaging or proof of its inferiority", topic: "uni-parametric", weight: 0.0117 },
    { no: "24", item: "Comparison with a non-radiomic approach or proof of added clinical value", topic: "non-radiomic comparison", weight: 0.0293 },
    { no: "25", item: "Comparison with simple or classical statistical models", topic: "simple models", weight: 0.0176 },
    { no: "26", item: "Internal testing", topic: "internal testing", weight: 0.0375 },
    { no: "27", item: "External testing", topic: "external testing", weight: 0.0749 },
    { no: "28", item: "Data availability", topic: "data sharing", weight: 0.0075 },
    { no: "29", item: "Code availability", topic: "code sharing", weight: 0.0075 },
    { no: "30", item: "Model availability", topic: "model sharing", weight: 0.0075 },
  ],
};
