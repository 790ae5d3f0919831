package io.kubra.apiserver.admission.plugin;

import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;

/** Who may approve or sign for a signer: permissions on the signer itself or all of its domain. */
final class Signers {
  static final String GROUP = "certificates.k8s.io";
  static final String REQUESTS = "certificatesigningrequests";

  private Signers() {}

  static boolean may(Authorizer authorizer, UserInfo user, String verb, String signerName) {
    int slash = signerName.indexOf('/');
    String domain = slash < 0 ? signerName : signerName.substring(0, slash);
    return allowed(authorizer, user, verb, signerName)
        || allowed(authorizer, user, verb, domain + "/*");
  }

  private static boolean allowed(Authorizer authorizer, UserInfo user, String verb, String name) {
    return authorizer
        .authorize(RequestAttributes.resource(user, verb, GROUP, "*", "signers", "", "", name))
        .allowed();
  }
}
