package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.CertificateRequest;
import io.kubra.apiserver.pki.PkiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Nobody gets a certificate for the group that may do everything. */
final class CertificateSubjectRestriction implements AdmissionPlugin {
  private static final String SIGNER = "kubernetes.io/kube-apiserver-client";

  @Override
  public String name() {
    return "CertificateSubjectRestriction";
  }

  @Override
  public void validate(AdmissionContext context) {
    if (context.operation() != Operation.CREATE
        || !context.isFor(Signers.GROUP, Signers.REQUESTS)
        || !SIGNER.equals(Trees.string(context.object(), "spec", "signerName"))) {
      return;
    }
    CertificateRequest request;
    try {
      byte[] pem =
          Base64.getDecoder().decode(Trees.stringOr(context.object(), "", "spec", "request"));
      request = CertificateRequest.parse(new String(pem, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException | PkiException e) {
      throw Refusal.forbidden(context, "failed to parse CSR: " + e.getMessage());
    }
    if (request.subject().organizations().contains(UserInfo.MASTERS)) {
      throw Refusal.forbidden(
          context,
          "use of %s signer with %s group is not allowed".formatted(SIGNER, UserInfo.MASTERS));
    }
  }
}
