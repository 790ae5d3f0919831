package io.kubra.addons.helm.controller;

/** Why a HelmChart cannot be acted upon. */
final class ChartProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean passing;

  private ChartProblem(String reason, String message, boolean passing) {
    super(message);
    this.reason = reason;
    this.passing = passing;
  }

  /** A spec that makes no sense; it stays so until somebody changes it. */
  static ChartProblem invalid(String message) {
    return new ChartProblem("InvalidSpec", message, false);
  }

  /** Something that is missing and may yet appear. */
  static ChartProblem missing(String message) {
    return new ChartProblem("ReferenceNotFound", message, true);
  }

  /** A release that another HelmChart keeps already. */
  static ChartProblem taken(String message) {
    return new ChartProblem("ReleaseTaken", message, true);
  }

  /** A release that somebody else works on. */
  static ChartProblem pending(String message) {
    return new ChartProblem("ReleasePending", message, true);
  }

  /** The reason in conditions and events. */
  String reason() {
    return reason;
  }

  /** Whether it may end without a change of the spec. */
  boolean passing() {
    return passing;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
