package io.kubra.apiserver.auth;

/** An authoriser's answer; the reason is shown to the user when the request is refused. */
public record Decision(Verdict verdict, String reason) {

  /** What an authoriser can say. */
  public enum Verdict {
    ALLOW,
    DENY,
    NO_OPINION
  }

  /** Allowed, without a reason. */
  public static final Decision ALLOWED = new Decision(Verdict.ALLOW, "");

  /** No opinion, without a reason. */
  public static final Decision NO_OPINION = new Decision(Verdict.NO_OPINION, "");

  /** Whether the request may go on. */
  public boolean allowed() {
    return verdict == Verdict.ALLOW;
  }
}
