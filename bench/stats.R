# Times one job in R: Rscript bench/stats.R <job> <repeats>
# Prints lines "version <package> <x>", "cpu <seconds> ...", "wall <seconds> ...", "check <name> <value>", or "missing <package>".
# The data are made here as in cases/statsData.ts: Lehmer's generator s <- 48271 s mod 2147483647, u = s / 2147483647, started at the seed;
# normals by Box and Muller, matrices row by row; survival time -log(U) 40 / exp(eta) against censoring 6 + 90 U, rounded to 0.01.
# One warm-up call comes first; R's clock counts milliseconds, so a job under 0.1 s is run often enough to fill that and its time divided.
Sys.setenv(OMP_NUM_THREADS = 1, OPENBLAS_NUM_THREADS = 1)
given <- commandArgs(TRUE)
wanted <- given[1]
repeats <- as.integer(given[2])

need <- function(...) for (package in c(...)) {
  if (!requireNamespace(package, quietly = TRUE)) {
    cat("missing", package, "\n")
    quit(save = "no")
  }
  suppressPackageStartupMessages(library(package, character.only = TRUE))
  cat("version", package, as.character(packageVersion(package)), "\n")
}

uniform <- function(seed, n) {
  u <- numeric(n)
  for (i in seq_len(n)) {
    seed <- (48271 * seed) %% 2147483647
    u[i] <- seed / 2147483647
  }
  u
}
normal <- function(seed, n) {
  u <- matrix(uniform(seed, 2 * ceiling(n / 2)), 2)
  r <- sqrt(-2 * log(u[1, ]))
  c(rbind(r * cos(2 * pi * u[2, ]), r * sin(2 * pi * u[2, ])))[seq_len(n)]
}
design <- function(seed, n, p) matrix(normal(seed, n * p), n, p, byrow = TRUE)
followed <- function(seed, eta) {
  n <- length(eta)
  u <- matrix(uniform(seed + 1, 2 * n), n)
  t <- -log(u[, 1]) * 40 / exp(eta)
  c <- 6 + 90 * u[, 2]
  Surv(round(pmin(t, c), 2), as.integer(t <= c))
}
binary <- function(seed, eta) as.integer(uniform(seed + 2, length(eta)) < plogis(eta))
folds <- function(n, k) ((seq_len(n) - 1) * 7) %% k + 1
centres <- function() {
  batch <- rep(1:4, c(560, 260, 240, 151))
  list(batch = batch, x = design(109, 1211, 944) * c(1, 1.4, 0.8, 1.2)[batch] + c(0, 0.7, -0.5, 0.3)[batch])
}
marked <- function() {
  x <- design(108, 480, 2)
  list(x = x[, 1], s = followed(108, 0.7 * x[, 1]))
}
lasso <- function(x, y, family, alpha = 1, thresh = 1e-7) list(
  run = function() cv.glmnet(x, y, family = family, alpha = alpha, foldid = folds(nrow(x), 10), thresh = thresh),
  check = function(f) c(lambda_min = f$lambda.min, cvm_min = min(f$cvm)))
wide <- function(thresh) {
  need("survival", "glmnet")
  x <- design(102, 500, 1000)
  lasso(x, followed(102, 0.6 * x[, 1] - 0.5 * x[, 2] + 0.4 * x[, 3]), "cox", thresh = thresh)
}
small <- function(thresh) {
  need("survival", "glmnet")
  x <- design(103, 311, 200)
  lasso(x, followed(103, 0.6 * x[, 1] - 0.5 * x[, 2]), "cox", thresh = thresh)
}
accuracy <- function(fit) {
  x <- design(107, 124, 4)
  y <- binary(107, x %*% c(0.8, -0.6, 0.4, 0) - 0.3)
  list(check = function(v) c(mean_acc = v), run = function() {
    set.seed(1)
    right <- replicate(100, {
      fold <- sample(rep(1:5, length = 124))
      sapply(1:5, function(k) mean((fit(x[fold != k, ], y[fold != k], x[fold == k, ]) > 0) == y[fold == k]))
    })
    mean(right)
  })
}
timeAuc <- function(iid) {
  d <- marked()
  list(run = function() timeROC(d$s[, 1], d$s[, 2], d$x, cause = 1, weighting = "marginal", times = c(12, 36, 60), iid = iid),
    check = function(r) c(r$AUC))
}

jobs <- list(
  coxph_efron_n1211_p20 = function() {
    need("survival")
    x <- design(101, 1211, 20)
    s <- followed(101, c(x[, 1:3] %*% c(0.5, -0.4, 0.3)))
    list(run = function() coxph(s ~ x), check = function(f) c(loglik = f$loglik[2], b1 = coef(f)[[1]], events = f$nevent))
  },
  coxph_efron_n1e5_p20 = function() {
    need("survival")
    x <- design(112, 1e5, 20)
    s <- followed(110, numeric(1e5))
    list(run = function() coxph(s ~ x), check = function(f) c(loglik = f$loglik[2]))
  },
  cvglmnet_cox_n500_p1000_10fold = function() wide(1e-7),
  cvglmnet_cox_n500_p1000_10fold_tight = function() wide(1e-10),
  cvglmnet_cox_n311_p200_10fold = function() small(1e-7),
  cvglmnet_cox_n311_p200_10fold_tight = function() small(1e-10),
  cvglmnet_binomial_n532_p944_10fold = function() {
    need("glmnet")
    x <- design(104, 532, 944)
    lasso(x, binary(104, 0.8 * x[, 1] - 0.6 * x[, 2] - 0.5), "binomial")
  },
  cvglmnet_binomial_a05_n532_p944_10fold = function() {
    need("glmnet")
    x <- design(104, 532, 944)
    lasso(x, binary(104, 0.8 * x[, 1] - 0.6 * x[, 2] - 0.5), "binomial", 0.5)
  },
  delong_paired_n1211 = function() {
    need("pROC")
    x <- design(105, 1211, 2)
    y <- binary(105, x[, 1] + 0.3 * x[, 2])
    curve <- function(score) roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)
    list(run = function() roc.test(curve(x[, 1]), curve(x[, 1] + x[, 2]), method = "delong", paired = TRUE),
      check = function(t) c(z = t$statistic[[1]], auc1 = t$estimate[[1]], auc2 = t$estimate[[2]]))
  },
  rms_validate_cox_n300_p5_B1000 = function() {
    need("survival", "rms")
    x <- design(106, 300, 5)
    d <- as.data.frame(x)
    d$s <- followed(106, c(x[, 1:3] %*% c(0.6, -0.4, 0.3)))
    fit <- cph(s ~ V1 + V2 + V3 + V4 + V5, data = d, x = TRUE, y = TRUE, surv = TRUE)
    list(run = function() { set.seed(1); validate(fit, B = 1000, dxy = TRUE) },
      check = function(v) c(dxy_apparent = v["Dxy", 1], dxy_corrected = v["Dxy", 5], slope_corrected = v["Slope", 5]))
  },
  cv_lrm_100x5_n124_p4 = function() {
    need("rms")
    accuracy(function(x, y, new) {
      d <- data.frame(y, x)
      predict(lrm(y ~ X1 + X2 + X3 + X4, data = d), data.frame(new))
    })
  },
  cv_glm_100x5_n124_p4 = function() accuracy(function(x, y, new) cbind(1, new) %*% glm.fit(cbind(1, x), y, family = binomial())$coefficients),
  timeROC_iid_n480_3times = function() { need("survival", "timeROC"); timeAuc(TRUE) },
  timeROC_noiid_n480_3times = function() { need("survival", "timeROC"); timeAuc(FALSE) },
  combat_parametric_944x1211_4batches = function() {
    need("sva")
    d <- centres()
    x <- t(d$x)
    list(run = function() suppressMessages(ComBat(x, d$batch)), check = function(v) c(v11 = v[1, 1], sum = sum(v)))
  },
  spearman_1211x944 = function() {
    x <- centres()$x
    list(run = function() cor(x, method = "spearman"), check = function(v) c(v12 = v[1, 2], sumabs = sum(abs(v))))
  },
  hclust_wardD2_944 = function() {
    far <- as.dist(1 - abs(cor(centres()$x, method = "spearman")))
    list(run = function() hclust(far, "ward.D2"), check = function(h) c(hmax = max(h$height), hsum = sum(h$height)))
  },
  survfit_n1e5 = function() {
    need("survival")
    s <- followed(110, numeric(1e5))
    list(run = function() survfit(s ~ 1, conf.type = "log-log"), check = function(f) c(median = summary(f)$table[["median"]], ntimes = length(f$time)))
  },
  survdiff_n1e5 = function() {
    need("survival")
    s <- followed(110, numeric(1e5))
    g <- rep(0:1, 5e4)
    list(run = function() survdiff(s ~ g), check = function(f) c(chisq = f$chisq))
  },
  concordance_n1e5 = function() {
    need("survival")
    s <- followed(110, numeric(1e5))
    x <- normal(511, 1e5)
    list(run = function() concordance(s ~ x, reverse = TRUE), check = function(f) c(c = f$concordance[[1]]))
  },
  min_logrank_p_n480_all_cuts = function() {
    need("survival")
    d <- marked()
    list(check = function(v) c(chisq = v), run = function() {
      cuts <- sort(d$x)[48:432]
      max(sapply(cuts, function(cut) survdiff(d$s ~ d$x > cut)$chisq))
    })
  }
)

if (!wanted %in% names(jobs)) stop("no job named ", wanted, "; there are ", paste(names(jobs), collapse = ", "))
cat("version R", as.character(getRversion()), "\n")
job <- jobs[[wanted]]()
seconds <- function(times) {
  gc(FALSE)
  begin <- proc.time()
  for (k in seq_len(times)) result <<- job$run()
  spent <- proc.time() - begin
  c(spent[[1]] + spent[[2]], spent[[3]]) / times
}
result <- NULL
first <- seconds(1)
times <- max(1, ceiling(0.1 / max(first[1], 0.001)))
# where a call takes seconds the first one counts too
spent <- if (first[1] > 2) cbind(first, vapply(seq_len(repeats - 1), function(k) seconds(1), first)) else vapply(seq_len(repeats), function(k) seconds(times), first)
cat("cpu", format(spent[1, ], digits = 6), "\n")
cat("wall", format(spent[2, ], digits = 6), "\n")
check <- job$check(result)
for (name in names(check)) cat("check", name, format(check[[name]], digits = 17), "\n")
