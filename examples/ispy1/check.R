# The two studies of this folder once more, by other people's programs: R's survival, glmnet, caret (correlation filter) and base functions, R's own random folds.
# Nested cross-validation only: every step is repeated without the patients who are judged. Prints the mean C-index or AUC of the folds.
#   Rscript examples/ispy1/check.R [repeats = 20] [rfs|pcr]
# Values in check.json were made with the versions written there.
suppressPackageStartupMessages({ library(survival); library(glmnet) })
arg <- commandArgs(TRUE)
repeats <- if (length(arg) >= 1) as.integer(arg[1]) else 20L
which <- if (length(arg) >= 2) arg[2] else c("rfs", "pcr")
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

clinical <- read.csv(file.path(here, "clinical.csv"), check.names = FALSE)
features <- read.csv(gzfile(file.path(here, "radiomics.csv.gz")), check.names = FALSE)
both <- merge(clinical, features, by = "SUBJECTID")
radiomics <- grep("^T1_E_", names(features), value = TRUE)

# the plan's rule is caret's, with the means taken anew after each column that goes
uncorrelated <- function(x, limit) { gone <- caret::findCorrelation(cor(x), limit, exact = TRUE); if (length(gone) > 0) colnames(x)[-gone] else colnames(x) }

folds_of <- function(event, k) { f <- integer(length(event)); for (g in unique(event)) { at <- which(event == g); f[at] <- sample(rep_len(seq_len(k), length(at))) }; f }
inner <- function(event) folds_of(event, 10)

radscore <- function(d, y, family, limit) {
  x <- as.matrix(d[, radiomics]); x <- x[, apply(x, 2, var) > 0]
  x <- x[, uncorrelated(x, limit)]
  m <- colMeans(x); s <- apply(x, 2, sd); x <- scale(x, m, s)
  event <- if (family == "cox") y[, 2] else y
  fit <- cv.glmnet(x, y, family = family, foldid = inner(event))
  function(new) as.vector(predict(fit, scale(as.matrix(new[, colnames(x)]), m, s), s = "lambda.min"))
}
mode_of <- function(v) as.numeric(names(sort(table(v), decreasing = TRUE))[1])
cindex <- function(time, event, lp) if (length(unique(lp)) == 1) .5 else concordance(Surv(time, event) ~ lp, reverse = TRUE)$concordance
auc <- function(event, lp) { r <- rank(lp); n1 <- sum(event == 1); n0 <- sum(event == 0); (sum(r[event == 1]) - n1 * (n1 + 1) / 2) / (n1 * n0) }

one_rfs <- function(train, test) {
  terms <- c("age", "hr", "her2", "ld")
  for (t in terms) { m <- if (t %in% c("hr", "her2")) mode_of(train[[t]]) else median(train[[t]], na.rm = TRUE); train[[t]][is.na(train[[t]])] <- m; test[[t]][is.na(test[[t]])] <- m }
  y <- Surv(train$RFS, train$rfs_ind)
  p <- sapply(terms, function(t) summary(coxph(y ~ train[[t]]))$coefficients[1, 5])
  keep <- terms[p < .1]
  start <- if (length(keep) == 0) NULL else coxph(as.formula(paste("Surv(RFS, rfs_ind) ~", paste(keep, collapse = "+"))), train)
  if (!is.null(start)) { start <- step(start, scope = list(lower = ~1, upper = formula(start)), direction = "both", trace = 0); keep <- names(coef(start)) }
  score <- radscore(train, y, "cox", .95)
  train$rad <- score(train); test$rad <- score(test)
  lp <- function(v) if (length(v) == 0 || (identical(v, "rad") && sd(train$rad) == 0)) rep(0, nrow(test)) else {
    if (sd(train$rad) == 0) v <- setdiff(v, "rad")
    predict(coxph(as.formula(paste("Surv(RFS, rfs_ind) ~", paste(v, collapse = "+"))), train), test, type = "lp")
  }
  sapply(list(clinical = keep, radiomics = "rad", combined = c(keep, "rad")), function(v) cindex(test$RFS, test$rfs_ind, lp(v)))
}
one_pcr <- function(train, test) {
  terms <- c("age", "hr", "her2")
  for (t in terms) { m <- if (t == "age") median(train[[t]], na.rm = TRUE) else mode_of(train[[t]]); train[[t]][is.na(train[[t]])] <- m; test[[t]][is.na(test[[t]])] <- m }
  # age by its t or rank test, receptors by chi-squared or Fisher's test; then backward by likelihood ratio at .05
  p <- sapply(terms, function(t) if (t == "age") {
    normal <- all(tapply(train$age, train$PCR, function(v) shapiro.test(v)$p.value) >= .05)
    if (normal) t.test(age ~ PCR, train)$p.value else wilcox.test(age ~ PCR, train, exact = FALSE)$p.value
  } else { k <- table(train[[t]], train$PCR); if (any(suppressWarnings(chisq.test(k)$expected) < 5)) fisher.test(k)$p.value else chisq.test(k)$p.value })
  keep <- terms[p < .1]
  repeat {
    if (length(keep) == 0) break
    full <- glm(as.formula(paste("PCR ~", paste(keep, collapse = "+"))), binomial, train)
    d <- drop1(full, test = "LRT"); worst <- which.max(d[-1, "Pr(>Chi)"])
    if (d[-1, "Pr(>Chi)"][worst] <= .05) break
    keep <- keep[-worst]
  }
  score <- radscore(train, train$PCR, "binomial", .9)
  train$rad <- score(train); test$rad <- score(test)
  lp <- function(v) {
    if (sd(train$rad) == 0) v <- setdiff(v, "rad")
    if (length(v) == 0) return(rep(0, nrow(test)))
    suppressWarnings(predict(glm(as.formula(paste("PCR ~", paste(v, collapse = "+"))), binomial, train), test))
  }
  sapply(list(clinical = keep, radiomics = "rad", combined = c(keep, "rad")), function(v) auc(test$PCR, lp(v)))
}

both$hr <- both[["HR Pos"]]; both$her2 <- both$Her2MostPos; both$ld <- both[["MRI LD Baseline"]]
set.seed(1)
for (what in which) {
  d <- if (what == "pcr") both[!is.na(both$PCR), ] else both
  event <- if (what == "pcr") d$PCR else d$rfs_ind
  merit <- NULL
  for (r in seq_len(repeats)) {
    f <- folds_of(event, 5)
    for (k in 1:5) merit <- rbind(merit, (if (what == "pcr") one_pcr else one_rfs)(d[f != k, ], d[f == k, ]))
  }
  per_repeat <- apply(merit, 2, function(m) tapply(m, rep(seq_len(repeats), each = 5), mean))
  cat(sprintf('{"study":"%s","n":%d,"events":%d,"repeats":%d,"folds":5,"mean":{%s},"sdOverRepeats":{%s},"R":"%s","survival":"%s","glmnet":"%s","caret":"%s"}\n', what, nrow(d), sum(event), repeats,
    paste(sprintf('"%s":%.4f', colnames(merit), colMeans(merit)), collapse = ","),
    paste(sprintf('"%s":%.4f', colnames(merit), if (repeats > 1) apply(per_repeat, 2, sd) else NA), collapse = ","),
    getRversion(), packageVersion("survival"), packageVersion("glmnet"), packageVersion("caret")))
}
