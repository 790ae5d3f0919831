package io.kubra.apiserver.admission.match;

import io.kubra.apiserver.admission.AdmissionContext;
import java.util.Set;

/** What requests are about, as far as matching treats it specially. */
public final class Targets {
  private static final Set<String> CONFIGURATION =
      Set.of(
          "mutatingadmissionpolicies",
          "mutatingadmissionpolicybindings",
          "mutatingwebhookconfigurations",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "validatingwebhookconfigurations");

  private static final Set<String> REVIEWS =
      Set.of(
          "authentication.k8s.io/selfsubjectreviews",
          "authentication.k8s.io/tokenreviews",
          "authorization.k8s.io/localsubjectaccessreviews",
          "authorization.k8s.io/selfsubjectaccessreviews",
          "authorization.k8s.io/selfsubjectrulesreviews",
          "authorization.k8s.io/subjectaccessreviews");

  private Targets() {}

  /** Whether it is a namespace (or a subresource of one). */
  static boolean isNamespace(AdmissionContext request) {
    return request.resource().gvr().resource().equals("namespaces")
        && request.resource().gvr().group().isEmpty();
  }

  /**
   * Whether it is something that policies never see: configuration of admission, or a question to
   * the server itself, without which much of a cluster stands still.
   */
  public static boolean isOutsidePolicies(AdmissionContext request) {
    String group = request.resource().gvr().group();
    return isConfiguration(request)
        || REVIEWS.contains(group + "/" + request.resource().gvr().resource());
  }

  /**
   * Whether it is configuration of webhooks or policies, which none of them ever sees: nobody shall
   * lock himself out.
   */
  public static boolean isConfiguration(AdmissionContext request) {
    return request.resource().gvr().group().equals("admissionregistration.k8s.io")
        && CONFIGURATION.contains(request.resource().gvr().resource());
  }
}
