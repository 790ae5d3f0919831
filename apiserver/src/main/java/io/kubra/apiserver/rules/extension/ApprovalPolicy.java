package io.kubra.apiserver.rules.extension;

import io.kubra.api.tree.Trees;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/**
 * Groups of the Kubernetes community are protected: a definition in one of them names in an
 * annotation where it was approved, or says that it was not.
 */
public final class ApprovalPolicy {
  /** The annotation. */
  public static final String ANNOTATION = "api-approved.kubernetes.io";

  private ApprovalPolicy() {}

  /** What a definition says. */
  public enum State {
    NOT_NEEDED,
    MISSING,
    INVALID,
    APPROVED,
    BYPASSED
  }

  /** What a definition says of its approval. */
  public static State of(Map<String, Object> definition) {
    String group = Trees.stringOr(definition, "", "spec", "group");
    String domain = "." + group;
    if (!domain.endsWith(".k8s.io") && !domain.endsWith(".kubernetes.io")) {
      return State.NOT_NEEDED;
    }
    String value = said(definition);
    if (value.isEmpty()) {
      return State.MISSING;
    }
    if (value.startsWith("unapproved")) {
      return State.BYPASSED;
    }
    try {
      URI url = new URI(value);
      boolean whole = url.getScheme() != null && url.getHost() != null;
      return whole ? State.APPROVED : State.INVALID;
    } catch (URISyntaxException e) {
      return State.INVALID;
    }
  }

  /** What is wrong with a definition that is {@link State#MISSING} or {@link State#INVALID}. */
  public static String problem(State state) {
    return "protected groups must have approval annotation \""
        + ANNOTATION
        + "\""
        + (state == State.INVALID
            ? " with either a URL or a reason starting with \"unapproved\""
            : "")
        + ", see https://github.com/kubernetes/enhancements/pull/1111";
  }

  /** The value of the annotation, or an empty text. */
  public static String said(Map<String, Object> definition) {
    return Trees.stringOr(definition, "", "metadata", "annotations", ANNOTATION);
  }
}
