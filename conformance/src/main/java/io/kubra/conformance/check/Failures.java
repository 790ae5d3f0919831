package io.kubra.conformance.check;

import io.kubra.api.status.ApiException;
import io.kubra.conformance.cluster.PodTrouble;
import io.kubra.conformance.cluster.UnservedException;
import io.kubra.conformance.verdict.Verdict;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What it means when a check could not do what it wanted. */
public final class Failures {
  private Failures() {}

  /** The verdict for what a check threw. */
  public static Verdict verdict(@Nullable Throwable cause) {
    return switch (cause) {
      case ApiException e when e.code() == 401 || e.code() == 403 ->
          Verdict.notCheckable(Verdict.Cause.RIGHTS, "the server refuses: " + e.message());
      case ApiException e -> Verdict.fail("the server answered " + e.code() + ": " + e.message());
      case UnservedException e -> Verdict.fail(String.valueOf(e.getMessage()));
      case PodTrouble e -> Verdict.fail(String.valueOf(e.getMessage()));
      case UncheckedIOException e ->
          Verdict.notCheckable(
              Verdict.Cause.UNFINISHED, "the connection was lost: " + e.getMessage());
      case InterruptedException e ->
          Verdict.notCheckable(
              Verdict.Cause.UNFINISHED, "the check, or one it shares a probe with, was ended");
      case null -> Verdict.notCheckable(Verdict.Cause.UNFINISHED, "unknown");
      default ->
          Verdict.notCheckable(Verdict.Cause.UNFINISHED, "internal error of the check: " + cause);
    };
  }
}
