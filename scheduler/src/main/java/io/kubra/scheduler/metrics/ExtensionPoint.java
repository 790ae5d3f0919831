package io.kubra.scheduler.metrics;

/** The steps of placing a pod, by upstream's names. */
public enum ExtensionPoint {
  PRE_FILTER("PreFilter"),
  FILTER("Filter"),
  SCORE("Score"),
  RESERVE("Reserve"),
  PRE_BIND("PreBind"),
  BIND("Bind");

  private final String label;

  ExtensionPoint(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
