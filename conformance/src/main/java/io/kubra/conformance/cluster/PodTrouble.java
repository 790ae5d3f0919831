package io.kubra.conformance.cluster;

/** A pod of a probe did not do what it was made for. */
public final class PodTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PodTrouble(String pod, String what, String state) {
    super("pod " + pod + " " + what + ": " + state);
  }
}
