package io.kubra.apiserver.csr;

import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.CertificateRequest;
import io.kubra.apiserver.pki.PkiException;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.apiserver.rules.RuleContext;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is special about certificate signing requests: they say who made them, never change, and are
 * approved and signed through their subresources.
 */
public final class CertificateRequestRules implements KindRules {
  private static final Set<String> DECISIONS = Set.of("Approved", "Denied");
  private static final List<String> FROM_USER = List.of("username", "uid", "groups", "extra");
  private static final Pattern SIGNER =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/.+");
  private static final List<String> USAGES =
      List.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");

  @Override
  public NameFormat nameFormat() {
    return NameFormat.PATH_SEGMENT;
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> object) {
    Map<String, Object> spec = Trees.ensureMap(object, "spec");
    FROM_USER.forEach(spec::remove);
    spec.putAll(RequestAuthenticator.toTree(context.user()));
  }

  @Override
  public void prepareForUpdate(
      RuleContext context, Map<String, Object> object, Map<String, Object> old) {
    Object before = old.get("spec");
    if (before != null) {
      object.put("spec", Trees.deepCopy(before));
    }
  }

  /** Decisions are made through the approval subresource only; the server's own count anyhow. */
  @Override
  public void prepareForStatusUpdate(
      RuleContext context, Map<String, Object> object, Map<String, Object> old) {
    boolean own = context.user().name().equals(UserInfo.apiServer().name());
    if (context.subresource().equals("status") && !own) {
      List<Object> conditions = new ArrayList<>();
      for (Map<String, Object> each : Trees.maps(object, "status", "conditions")) {
        if (!DECISIONS.contains(Trees.stringOr(each, "", "type"))) {
          conditions.add(each);
        }
      }
      for (Map<String, Object> each : Trees.maps(old, "status", "conditions")) {
        if (DECISIONS.contains(Trees.stringOr(each, "", "type"))) {
          conditions.add(Trees.deepCopy(each));
        }
      }
      if (conditions.isEmpty()) {
        Trees.remove(object, "status", "conditions");
      } else {
        Trees.set(object, conditions, "status", "conditions");
      }
    }
    String now = context.now().truncatedTo(ChronoUnit.SECONDS).toString();
    for (Map<String, Object> condition : Trees.maps(object, "status", "conditions")) {
      condition.putIfAbsent("lastUpdateTime", now);
      condition.putIfAbsent("lastTransitionTime", now);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> object) {
    List<FieldError> errors = new ArrayList<>();
    String request = Trees.stringOr(object, "", "spec", "request");
    if (request.isEmpty()) {
      errors.add(FieldError.required("spec.request", ""));
    } else {
      try {
        byte[] pem = Base64.getDecoder().decode(request);
        CertificateRequest.parse(new String(pem, StandardCharsets.US_ASCII));
      } catch (PkiException | IllegalArgumentException e) {
        errors.add(FieldError.invalid("spec.request", request, String.valueOf(e.getMessage())));
      }
    }
    List<String> usages = Trees.strings(object, "spec", "usages");
    if (usages.isEmpty()) {
      errors.add(FieldError.required("spec.usages", ""));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < usages.size(); i++) {
      String path = "spec.usages[" + i + "]";
      if (!USAGES.contains(usages.get(i))) {
        errors.add(FieldError.notSupported(path, usages.get(i), USAGES));
      } else if (!seen.add(usages.get(i))) {
        errors.add(FieldError.duplicate(path, usages.get(i)));
      }
    }
    validateSigner(object, errors);
    Long seconds = Trees.integer(object, "spec", "expirationSeconds");
    if (seconds != null && seconds < 600) {
      errors.add(
          FieldError.invalid(
              "spec.expirationSeconds",
              seconds,
              "may not specify a duration less than 600 seconds (10 minutes)"));
    }
    return errors;
  }

  private static void validateSigner(Map<String, Object> object, List<FieldError> errors) {
    String signer = Trees.stringOr(object, "", "spec", "signerName");
    if (signer.isEmpty()) {
      errors.add(FieldError.required("spec.signerName", ""));
    } else if (signer.equals("kubernetes.io/legacy-unknown")) {
      errors.add(
          FieldError.invalid(
              "spec.signerName",
              signer,
              "the legacy signerName is not allowed via this API version"));
    } else if (!SIGNER.matcher(signer).matches()) {
      errors.add(
          FieldError.invalid(
              "spec.signerName",
              signer,
              "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> object, Map<String, Object> old) {
    return List.of();
  }

  @Override
  public List<FieldError> validateStatusUpdate(
      Map<String, Object> object, Map<String, Object> old) {
    List<FieldError> errors = new ArrayList<>();
    boolean approved = false;
    boolean denied = false;
    for (Map<String, Object> condition : Trees.maps(object, "status", "conditions")) {
      approved |= "Approved".equals(condition.get("type"));
      denied |= "Denied".equals(condition.get("type"));
    }
    if (approved && denied) {
      errors.add(
          FieldError.invalid(
              "status.conditions",
              "Denied",
              "Approved and Denied conditions are mutually exclusive"));
    }
    return errors;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> object) {
    return Map.of("spec.signerName", Trees.stringOr(object, "", "spec", "signerName"));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("spec.signerName");
  }
}
