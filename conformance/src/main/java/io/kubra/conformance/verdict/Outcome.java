package io.kubra.conformance.verdict;

import io.kubra.conformance.catalogue.Requirement;
import java.time.Duration;

/**
 * A requirement and what was found.
 *
 * @param how the way it was checked, in few words
 * @param remediation what to do about a failure; empty unless it failed
 * @param took how long the check ran
 */
public record Outcome(
    Requirement requirement, String how, Verdict verdict, String remediation, Duration took) {
  /** Whether the cluster does not conform because of this. */
  public boolean breach() {
    return requirement.level().binding() && verdict instanceof Verdict.Fail;
  }

  /** Whether the check could not come to an end, so that nobody knows. */
  public boolean unsettled() {
    return verdict instanceof Verdict.NotCheckable v
        && (v.cause() == Verdict.Cause.UNFINISHED || v.cause() == Verdict.Cause.RIGHTS);
  }
}
