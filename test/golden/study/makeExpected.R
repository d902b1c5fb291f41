# Every figure of merit of the two studies of input.json anew, from folds, predictions and samples alone: R 4.2.2, survival 3.5-3, pROC 1.18.0,
# riskRegression 2022.11.28 and base functions. Standard errors of nested figures are the two variances of foldError added. Influences of AUC, Brier and accuracy are numerical derivatives by each patient's weight.
#   cd test/golden/study && Rscript makeExpected.R > expected.json
suppressPackageStartupMessages({ library(survival); library(jsonlite); library(pROC) })
input <- fromJSON("input.json", simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
models <- c("clinical", "combined"); z <- qnorm(.975)
num <- function(x) sapply(x, function(v) if (is.null(v)) NA_real_ else as.numeric(v))

# one figure with weights, so that its derivative by a weight is the patient's influence
wauc <- function(x, y, w) { s <- outer(x[y == 1], x[y == 0], function(a, b) (a > b) + (a == b) / 2); ww <- outer(w[y == 1], w[y == 0]); sum(s * ww) / sum(ww) }
wmean <- function(v, w) sum(v * w) / sum(w)
influence <- function(f, n) sapply(seq_len(n), function(i) { h <- 1e-4; a <- b <- rep(1, n); a[i] <- 1 + h; b[i] <- 1 - h; (f(a) - f(b)) / (2 * h) })
conc <- function(time, event, lp, ...) concordance(Surv(time, event) ~ lp, reverse = TRUE, influence = 1, ...)
# Graf's score and AUC(t) by inverse probability of censoring, events first at ties
censor <- function(time, event) { s <- survfit(Surv(time, 1 - event) ~ 1); function(t, before = FALSE) sapply(t, function(u) { k <- if (before) s$time < u - 1e-9 else s$time <= u + 1e-9; if (any(k)) min(s$surv[k]) else 1 }) }
brier_t <- function(time, event, p, t) { G <- censor(time, event); mean(ifelse(time <= t & event == 1, (1 - p)^2 / G(time, TRUE), ifelse(time > t, p^2 / G(t), 0))) }
auc_t <- function(time, event, x, t) { G <- censor(time, event); ca <- time < t & event == 1; co <- time > t
  wc <- 1 / G(time[ca], TRUE); wo <- rep(1 / G(t), sum(co)); s <- outer(x[ca], x[co], function(a, b) (a > b) + (a == b) / 2); ww <- outer(wc, wo); sum(s * ww) / sum(ww) }

# figures of one set of patients: value, and influence where there is one
figures <- function(s, y, time, lp, p, cut) {
  n <- length(y)
  if (s$outcome == "binary") {
    hit <- as.numeric((p[[1]] >= cut) == (y == 1))
    list(AUC = list(wauc(lp, y, rep(1, n)), influence(function(w) wauc(lp, y, w), n)),
      Brier = list(mean((p[[1]] - y)^2), influence(function(w) wmean((p[[1]] - y)^2, w), n)),
      accuracy = list(mean(hit), influence(function(w) wmean(hit, w), n)),
      sensitivity = list(mean(hit[y == 1]), influence(function(w) wmean(hit[y == 1], w[y == 1]), n)),
      specificity = list(mean(hit[y == 0]), influence(function(w) wmean(hit[y == 0], w[y == 0]), n)),
      "balanced accuracy" = list((mean(hit[y == 1]) + mean(hit[y == 0])) / 2, influence(function(w) (wmean(hit[y == 1], w[y == 1]) + wmean(hit[y == 0], w[y == 0])) / 2, n)))
  } else {
    h <- conc(time, y, lp); u <- conc(time, y, lp, timewt = "n/G2", ymax = max(s$times))
    c(list("C-index" = list(unname(h$concordance), h$dfbeta), "Uno C" = list(unname(u$concordance), u$dfbeta)),
      setNames(lapply(s$times, function(t) list(auc_t(time, y, lp, t))), paste0("AUC(", s$times, ")")),
      setNames(lapply(seq_along(s$times), function(k) list(brier_t(time, y, p[[k]], s$times[k]))), paste0("Brier(", s$times, ")")))
  }
}
size <- function(measure, y) if (measure %in% c("AUC", "sensitivity", "specificity", "balanced accuracy")) c(sum(y == 0), sum(y == 1)) else rep(length(y), 2)

# nested cross-validation: fold figures averaged within a repeat, then over repeats; the two variances
nested <- function(s, model, rows = NULL) {
  y <- s$event; n <- length(y); k <- length(unique(s$repeats[[1]]$fold)); R <- length(s$repeats); found <- list()
  for (r in seq_len(R)) for (f in seq_len(k)) {
    q <- s$repeats[[r]]; lp <- num(q$predictions[[model]]$linear); p <- lapply(q$predictions[[model]]$probability, num)
    at <- which(q$fold == f - 1 & !is.na(lp) & (if (is.null(rows)) TRUE else seq_len(n) %in% rows))
    cut <- s$foldThresholds[[(r - 1) * k + f]][[model]]
    for (m in names(x <- figures(s, y[at], s$time[at], lp[at], lapply(p, function(v) v[at]), cut))) {
      back <- size(m, y[at])[y[at] + 1]
      i <- numeric(n); if (length(x[[m]]) > 1) i[at] <- x[[m]][[2]] * back / (back - 1) / (k * R)
      found[[m]] <- rbind(found[[m]], c(repeats = r, value = x[[m]][[1]], i))
    }
  }
  lapply(found, function(x) {
    by <- tapply(x[, 2], x[, 1], mean)
    list(value = mean(by), sd = sd(by), folds = x[, 2], influence = colSums(x[, -(1:2)]), n = length(if (is.null(rows)) which(!is.na(num(s$repeats[[1]]$predictions[[model]]$linear))) else rows))
  })
}
se_of <- function(folds, influence, id, k) {
  refits <- var(folds) * (1 / length(folds) + 1 / (k - 1))
  own <- sum(tapply(influence, id, sum)^2)
  sqrt(own + refits)
}
# what is taken from a repeat's predictions together; each with the standard error of the patients, and of the folds' pseudo-values
pooled <- function(s, p, rows) {
  y <- s$event[rows]
  if (s$outcome == "binary") {
    x <- qlogis(p[[1]][rows]); a <- summary(glm(y ~ x, binomial, epsilon = 1e-14))$coefficients; b <- summary(glm(y ~ 1, binomial, offset = x, epsilon = 1e-14))$coefficients
    loss <- (p[[1]][rows] - y)^2; scaled <- function(w) 1 - wmean(loss, w) / (wmean(y, w) * (1 - wmean(y, w))); i <- influence(scaled, length(y))
    list("calibration slope" = a[2, 1:2], "calibration in the large" = b[1, 1:2], "scaled Brier" = c(scaled(rep(1, length(y))), sqrt(sum(tapply(i, s$id[rows], sum)^2))))
  } else {
    S <- summary(survfit(Surv(s$time[rows], y) ~ 1), times = s$times)
    oe <- setNames(lapply(seq_along(s$times), function(k) c(1 - S$surv[k], S$std.err[k]) / mean(p[[k]][rows])), paste0("observed/expected(", s$times, ")"))
    x <- log(-log(1 - p[[1]][rows])); a <- coxph(Surv(s$time[rows], y) ~ x, control = coxph.control(eps = 1e-11))
    c(oe, list("calibration slope" = c(coef(a), sqrt(vcov(a)[1, 1]))))
  }
}
together <- function(s, model) {
  per <- lapply(s$repeats, function(q) {
    p <- lapply(q$predictions[[model]]$probability, num); ok <- which(!is.na(p[[1]])); labels <- unique(q$fold); k <- length(labels)
    whole <- pooled(s, p, ok); without <- lapply(labels, function(f) pooled(s, p, ok[q$fold[ok] != f]))
    sapply(names(whole), function(m) list(value = whole[[m]][1], se = whole[[m]][2], pseudo = k * whole[[m]][1] - (k - 1) * sapply(without, function(x) x[[m]][1])), simplify = FALSE)
  })
  sapply(names(per[[1]]), function(m) {
    v <- sapply(per, function(x) x[[m]]$value); e <- sapply(per, function(x) x[[m]]$se); u <- unlist(lapply(per, function(x) x[[m]]$pseudo)); k <- length(u) / length(per)
    list(value = mean(v), sd = sd(v), se = sqrt(mean(e)^2 + var(u) * (1 / length(u) + 1 / (k - 1))))
  }, simplify = FALSE)
}
headline <- function(s, y, time, lp) if (s$outcome == "binary") wauc(lp, y, rep(1, length(y))) else unname(conc(time, y, lp)$concordance)
boot <- function(s, model) {
  all <- seq_along(s$event)
  per <- t(sapply(s$samples, function(b) {
    lp <- num(b$linear[[model]]); fit <- b$fit + 1; out <- setdiff(all, fit)
    of <- function(r) headline(s, s$event[r], s$time[r], lp[r])
    c(of(fit), of(all), of(out))
  }))
  apparent <- headline(s, s$event, s$time, num(s$apparent[[model]]$linear))
  left <- max(mean(per[, 3]), .5); R <- if (left < apparent) min(1, (apparent - left) / (apparent - .5)) else 0; w <- .632 / (1 - .368 * R)
  list(apparent = apparent, samples = per, corrected = apparent - mean(per[, 1] - per[, 2]), plus = (1 - w) * apparent + w * left)
}
# patients that no fit has seen: an external set, a centre left out
outside <- function(s, y, time, pred) sapply(models, function(m) {
  lp <- num(pred[[m]]$linear); p <- lapply(pred[[m]]$probability, num)
  if (s$outcome == "binary") {
    r <- roc(y, lp, direction = "<", levels = 0:1, quiet = TRUE); ci <- ci.auc(r, method = "delong")
    x <- qlogis(p[[1]]); a <- summary(glm(y ~ x, binomial, epsilon = 1e-14))$coefficients; b <- summary(glm(y ~ 1, binomial, offset = x, epsilon = 1e-14))$coefficients
    hit <- (p[[1]] >= s$thresholds[[m]]) == (y == 1); w <- function(h) as.numeric(suppressWarnings(prop.test(sum(h), length(h), correct = FALSE))$conf.int)
    list(AUC = c(ci[2], ci[1], ci[3]), "calibration slope" = a[2, 1] + c(0, -z, z) * a[2, 2], "calibration in the large" = b[1, 1] + c(0, -z, z) * b[1, 2],
      Brier = mean((p[[1]] - y)^2) + c(0, -z, z) * sd((p[[1]] - y)^2) / sqrt(length(y)), accuracy = c(mean(hit), w(hit)), sensitivity = c(mean(hit[y == 1]), w(hit[y == 1])), specificity = c(mean(hit[y == 0]), w(hit[y == 0])))
  } else {
    h <- conc(time, y, lp); c <- unname(h$concordance); e <- sqrt(h$var) / (c * (1 - c)); a <- summary(coxph(Surv(time, y) ~ lp, control = coxph.control(eps = 1e-12)))$coefficients
    S <- summary(survfit(Surv(time, y) ~ 1), times = s$times)
    score <- riskRegression::Score(list(lp), Surv(time, y) ~ 1, data.frame(time, y), times = s$times, metrics = "auc", cens.model = "km", null.model = FALSE)$AUC$score
    base <- list("C-index" = c(c, plogis(qlogis(c) + c(-z, z) * e)), "calibration slope" = a[1, 1] + base::c(0, -z, z) * a[1, 3])
    oe <- setNames(lapply(seq_along(s$times), function(k) { E <- mean(p[[k]]); (1 - S$surv[k]) / E + base::c(0, -z, z) * S$std.err[k] / E }), paste0("observed/expected(", s$times, ")"))
    auc <- setNames(lapply(seq_along(s$times), function(k) as.numeric(score[k, c("AUC", "lower", "upper")])), paste0("AUC(", s$times, ")"))
    base::c(base, oe, auc)
  }
}, simplify = FALSE)
compared <- function(s, y, time, pred) {
  a <- num(pred$clinical$linear); b <- num(pred$combined$linear)
  if (s$outcome == "binary") {
    t <- roc.test(roc(y, b, direction = "<", levels = 0:1, quiet = TRUE), roc(y, a, direction = "<", levels = 0:1, quiet = TRUE), method = "delong", paired = TRUE)
    d <- unname(t$estimate[1] - t$estimate[2]); list(difference = d, se = unname(d / t$statistic), p = t$p.value)
  } else {
    f <- conc(time, y, b); g <- conc(time, y, a); d <- unname(f$concordance - g$concordance); se <- sqrt(sum((f$dfbeta - g$dfbeta)^2))
    list(difference = d, se = se, p = 2 * pnorm(-abs(d / se)))
  }
}
result <- lapply(input, function(s) {
  k <- length(unique(s$repeats[[1]]$fold)); id <- s$id
  own <- sapply(models, function(m) lapply(nested(s, m), function(x) list(value = x$value, sd = x$sd, n = x$n, se = if (any(x$influence != 0)) se_of(x$folds, x$influence, id, k))), simplify = FALSE)
  both <- which(!is.na(num(s$repeats[[1]]$predictions$combined$linear)))
  a <- nested(s, "clinical", both); b <- nested(s, "combined", both)
  delta <- sapply(names(a), function(m) list(value = b[[m]]$value - a[[m]]$value, n = length(both), se = if (any(a[[m]]$influence != 0)) se_of(b[[m]]$folds - a[[m]]$folds, b[[m]]$influence - a[[m]]$influence, id, k)), simplify = FALSE)
  centres <- lapply(s$centres, function(c) {
    r <- c$rows + 1; pred <- sapply(models, function(m) list(linear = c$linear[[m]], probability = c$probability[[m]]), simplify = FALSE)
    list(centre = c$centre, merit = sapply(models, function(m) {
      if (s$outcome == "binary") { q <- roc(s$event[r], num(c$linear[[m]]), direction = "<", levels = 0:1, quiet = TRUE); c(as.numeric(auc(q)), sqrt(var(q))) }
      else { q <- conc(s$time[r], s$event[r], num(c$linear[[m]])); c(unname(q$concordance), sqrt(q$var)) }
    }, simplify = FALSE), difference = compared(s, s$event[r], s$time[r], pred))
  })
  list(nested = own, together = sapply(models, function(m) together(s, m), simplify = FALSE), difference = delta, bootstrap = sapply(models, function(m) boot(s, m), simplify = FALSE),
    external = outside(s, s$external$event, s$external$time, s$external$predictions), externalDifference = compared(s, s$external$event, s$external$time, s$external$predictions), centres = centres)
})
cat(toJSON(result, digits = 12, auto_unbox = TRUE, na = "null"), "\n", sep = "")
