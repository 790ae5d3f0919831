package io.kubra.apiserver.csr;

import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.CertificateProfile.Usage;
import io.kubra.apiserver.pki.CertificateRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The signers that this server is, and what they insist on. */
enum Signer {
  API_CLIENT("kubernetes.io/kube-apiserver-client", Usage.CLIENT),
  NODE_CLIENT("kubernetes.io/kube-apiserver-client-kubelet", Usage.CLIENT),
  NODE_SERVING("kubernetes.io/kubelet-serving", Usage.SERVER);

  private static final Set<String> KEY_USAGES = Set.of("digital signature", "key encipherment");
  private final String signerName;
  private final Usage usage;

  Signer(String signerName, Usage usage) {
    this.signerName = signerName;
    this.usage = usage;
  }

  static Optional<Signer> named(String name) {
    for (Signer signer : values()) {
      if (signer.signerName.equals(name)) {
        return Optional.of(signer);
      }
    }
    return Optional.empty();
  }

  /** Why the request is not one that this signer signs; empty if it is. */
  Optional<String> problem(CertificateRequest request, List<String> usages) {
    String needed = usage == Usage.CLIENT ? "client auth" : "server auth";
    for (String each : usages) {
      if (!each.equals(needed) && !KEY_USAGES.contains(each)) {
        return Optional.of("usage \"" + each + "\" is not allowed");
      }
    }
    if (!usages.contains(needed)) {
      return Optional.of("usages did not match " + needed);
    }
    if (this == API_CLIENT) {
      return Optional.empty();
    }
    if (!request.subject().commonName().startsWith("system:node:")) {
      return Optional.of("subject common name does not begin with system:node:");
    }
    if (!request.subject().organizations().equals(List.of("system:nodes"))) {
      return Optional.of("subject organization is not system:nodes");
    }
    boolean names = !request.dnsNames().isEmpty() || !request.ipAddresses().isEmpty();
    if (request.otherNames() > 0) {
      return Optional.of("email and URI subjectAltNames are not allowed");
    }
    if (this == NODE_CLIENT && names) {
      return Optional.of("DNS and IP subjectAltNames are not allowed");
    }
    if (this == NODE_SERVING && !names) {
      return Optional.of("at least one DNS or IP subjectAltName is required");
    }
    return Optional.empty();
  }

  /** What is certified: what was asked for, nothing else. */
  CertificateProfile profile(CertificateRequest request, Duration validity) {
    return new CertificateProfile(
        request.subject(),
        Set.of(usage),
        request.dnsNames(),
        request.ipAddresses(),
        validity,
        false);
  }
}
