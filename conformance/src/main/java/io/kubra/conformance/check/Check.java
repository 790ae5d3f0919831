package io.kubra.conformance.check;

import io.kubra.api.status.ApiException;
import io.kubra.conformance.cluster.PodTrouble;
import io.kubra.conformance.cluster.UnservedException;
import io.kubra.conformance.verdict.Verdict;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads facts of a cluster, or makes some, and decides. */
public interface Check {
  /** The way it is checked, in few words. */
  String how();

  /** Checks. Refusals and lost connections may be thrown; the run turns them into verdicts. */
  Verdict run(Context context) throws InterruptedException;

  /** The deciding part of a check. */
  @FunctionalInterface
  interface Body {
    /** Checks. */
    Verdict run(Context context) throws InterruptedException;
  }

  /** When a requirement does not bind. */
  @FunctionalInterface
  interface Condition {
    /** The reason why the requirement does not bind this cluster; empty if it does. */
    String absence(Context context) throws InterruptedException;
  }

  /** A check of its own shape. */
  static Check of(String how, Body body) {
    return new Simple(how, body);
  }

  /** A check made of a description and a body. */
  record Simple(String how, Body body) implements Check {
    @Override
    public Verdict run(Context context) throws InterruptedException {
      return body.run(context);
    }
  }

  /** All must hold; the first kind of verdict among fail, not checkable, not applicable counts. */
  static Check all(Check... checks) {
    return new All(Arrays.asList(checks));
  }

  /** Several checks of one requirement. */
  record All(List<Check> checks) implements Check {
    @Override
    public String how() {
      return checks.stream().map(Check::how).collect(Collectors.joining("; "));
    }

    @Override
    public Verdict run(Context context) throws InterruptedException {
      // Checks that share a probe say the same.
      Set<String> said = new LinkedHashSet<>();
      Set<String> wrong = new LinkedHashSet<>();
      Verdict.NotCheckable open = null;
      Verdict.NotApplicable absent = null;
      int passed = 0;
      for (Check check : checks) {
        Verdict verdict = attempt(context, check);
        said.addAll(verdict.evidence());
        switch (verdict) {
          case Verdict.Pass p -> passed++;
          case Verdict.Fail f -> wrong.addAll(f.breaches());
          case Verdict.NotCheckable n -> open = open == null ? n : open;
          case Verdict.NotApplicable n -> absent = absent == null ? n : absent;
        }
      }
      List<String> seen = List.copyOf(said);
      if (!wrong.isEmpty()) {
        return new Verdict.Fail(List.copyOf(wrong), seen);
      }
      if (open != null) {
        return new Verdict.NotCheckable(open.cause(), open.reason(), seen);
      }
      return passed > 0 || absent == null
          ? new Verdict.Pass(seen)
          : new Verdict.NotApplicable(absent.reason(), seen);
    }
  }

  private static Verdict attempt(Context context, Check check) throws InterruptedException {
    try {
      return context.verdict(check);
    } catch (ApiException | UncheckedIOException | UnservedException | PodTrouble e) {
      // What the others find counts all the same.
      return Failures.verdict(e);
    }
  }

  /** This check where the condition holds; elsewhere not applicable. */
  default Check when(Condition condition) {
    return of(
        how(),
        context -> {
          String absence = condition.absence(context);
          return absence.isEmpty() ? context.verdict(this) : Verdict.notApplicable(absence);
        });
  }

  /**
   * This check as one that can only find failures: what passes is still not known to be met, for
   * the reason given.
   */
  default Check necessary(String reason) {
    return of(
        how(),
        context ->
            switch (context.verdict(this)) {
              case Verdict.Pass p ->
                  new Verdict.NotCheckable(Verdict.Cause.MEANS, reason, p.evidence());
              case Verdict other -> other;
            });
  }

  /** A requirement that people have to look at; the text says what at. */
  static Check manual(String lookAt) {
    return of(
        "by a person",
        context -> Verdict.notCheckable(Verdict.Cause.MANUAL, "a person must look at " + lookAt));
  }
}
